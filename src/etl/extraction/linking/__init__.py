"""Give one key to one thing within a report: divisions by code, organizations by full name, persons by name.

`identity` gives the keys; it asks `divisions` for places and `abbreviations` for short names of
organizations.

May import the context and the resources. It reads entities that were found and finds none.
"""
