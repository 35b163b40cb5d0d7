"""What is no body text: numbers of pages, running heads, watermarks, and floats: notes and captions.

`judge` decides; `page_numbers` and `floats` find the lines that need more than one look.

Imports `layout` and `scorer`; `order` asks it.
"""
