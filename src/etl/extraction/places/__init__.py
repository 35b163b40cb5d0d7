"""Find places: chains of divisions, known names, roads, sites, countries written with one character.

May import `etl.extraction.people`, the context and the resources.
"""
