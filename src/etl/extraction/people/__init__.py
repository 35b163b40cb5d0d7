"""Find persons: names, foreign names spelt by sound, and the roles beside them.

`finder` is the entry; `forms` and `foreign_names` find what the tagger misses, `names` decides what is the
name of a person, `roles` finds what stands beside it.

May import `etl.extraction.context` and `etl.extraction.resources`. Places and organizations import it,
since a role or a foreign name beside a word decides what the word names.
"""
