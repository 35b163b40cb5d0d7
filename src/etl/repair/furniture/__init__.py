"""Find what is no body text: page numbers, running heads, watermarks, and floats such as notes and captions.

`judge` decides from all evidence; `page_numbers` finds series of numbers with their heads, `page_blocks` what
a page set off together, `floats` notes and captions between the halves of a sentence.

Imports `layout` and `scorer`; `order` asks it.
"""
