"""Give one key to one thing within a report: divisions by code, organizations by full name, persons by name.

May import the context and the resources. It reads entities that were found and finds none.
"""
