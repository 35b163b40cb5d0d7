"""Find sums of money, counted and measured quantities, percentages and fractions, with their values.

`money`, `quantities` and `percentages` find them; `numbers` reads the number of each.

May import the context, the resources and `etl.text`; no other kind of entity.
"""
