"""What a report looks like: its lines, the page they were set on, their kinds, lists and indents.

`lines` are arrays over `chars`; `stats` measures the page, `kinds`, `cells`, `forms` and `indents` say what
lines are.

The ground floor of repair: it imports nothing of repair's other packages, and all of them may import it.
"""
