"""What is no body text: numbers of pages, running heads, watermarks, notes and captions that step aside.

Imports `layout` and `scorer`; `order` asks it.
"""
