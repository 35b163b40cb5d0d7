"""Find persons: names, foreign names spelt by sound, and the roles beside them.

May import `etl.extraction.context` and `etl.extraction.resources`. Places and organizations import it,
since a role or a foreign name beside a word decides what the word names.
"""
