"""Describe what a report looks like: its lines, the page they were set on, their kinds, lists and indents.

`chars` classifies characters, `lines` describes lines by arrays, `stats` measures the page; `kinds`, `cells`,
`forms`, `line_numbers`, `indents` and `hanging` tell labels, lists, line ends inside a word, numbers before
lines, lost indents and hanging ones.

The ground floor of repair: it imports nothing of repair's other packages, and all of them may import it.
"""
