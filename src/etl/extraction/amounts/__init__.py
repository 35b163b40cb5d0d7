"""Find sums of money, counted and measured quantities, percentages and fractions, with their values.

May import the context, the resources and `etl.text`; no other kind of entity.
"""
