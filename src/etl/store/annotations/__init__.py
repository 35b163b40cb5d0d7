"""What is noted about a report beside it and outlives its revisions: verifications and people's decisions.

Imports `records` and `driver`. Every sub-package above may import it.
"""
