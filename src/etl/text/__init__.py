"""What Chinese writing is made of, whatever stage asks: numerals, folding, surnames, numbering, bylines.

Numbers: `numerals`, `numbering`, `page_number`, `dense`. Names: `surnames`, `person_names`, `bylines`.
Characters: `code_points`, `folding`, `marks`, `differences`. Expressions: `alternation`, `endings`,
`first_characters`, `expressions`.

The ground floor: nothing here imports another package of this project, and every stage may import this one.
"""
