"""What the commands write: to a terminal, for a program, into files.

`terminal` prints results and messages, `bar` shows how far a long job is, `changes` and `ledger` tell what
was changed in a report, `example` shows one before and after, `names` chooses the file of a restored report.

The commands import the package.
"""
