"""Find places: chains of divisions, known names, roads, sites, countries written with one character.

`finder` is the entry; `full_names`, `abbreviated_places` and `patterns` find what the tagger misses,
`name_ends` says where a name ends, `titles` which place only begins the name of an event.

May import `etl.extraction.people`, the context and the resources.
"""
