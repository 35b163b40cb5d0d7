"""Find written times and resolve them to a first and a last day.

May import the context, the resources and `etl.text`; no other kind of entity.
"""
