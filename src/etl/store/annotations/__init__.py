"""Keep notes on a report apart from its revisions: verifications, people's decisions and corrections.

`verifications`, `corrections` and `decisions` keep one kind each; `by_report` and `notes` read all that was
said of reports.

Imports `records` and `driver`. Every sub-package above may import it.
"""
