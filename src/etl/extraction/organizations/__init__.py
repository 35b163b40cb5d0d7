"""Find organizations: by the tagger, by lists, by suffix, by a fixed form of writing, by their state.

May import `etl.extraction.people`, `etl.extraction.places`, the context and the resources.
"""
