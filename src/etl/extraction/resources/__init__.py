"""What extraction leans on: word lists, declared patterns of facts, the gazetteer, the tagger, the segmenter.

Built once a process by `etl.engines`. May import `etl.text`, `etl.layers` and `etl.errors`; no finder.
"""
