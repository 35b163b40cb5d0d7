"""What is noted about a report beside it and outlives its revisions: verifications and people's decisions.

`verifications`, `corrections` and `decisions` keep one kind each; `by_report` and `notes` read all that was
said of reports.

Imports `records` and `driver`. Every sub-package above may import it.
"""
