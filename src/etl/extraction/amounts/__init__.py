"""Find sums of money, counted and measured quantities, percentages and fractions, with their values.

`money`, `quantities` and `percentages` find them; `numbers` reads the number of each,
`issuers` tells which currency a bare 元 is.

May import the context, the resources and `etl.text`; no other kind of entity.
"""
