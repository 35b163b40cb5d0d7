"""Find organizations: by the tagger, by lists, by suffix, by a fixed form of writing, by their state.

`finder` is the entry; `patterns` and `government_bodies` find what the tagger misses, `names` decides what is
the name of one.

May import `etl.extraction.people`, `etl.extraction.places`, the context and the resources.
"""
