"""What extraction leans on: word lists, declared patterns of facts, the gazetteer, the tagger, the segmenter.

`lexicon` and `word_files` hold word lists, `fact_pattern_files` and `fact_patterns` declared patterns,
`gazetteer` and `division_table` the divisions, `tagger` with `lac_model`, `batches` and `best_tags`, and
`segmenter` the models, `rarity` how rare words are.

Built once a process by `etl.engines`. May import `etl.text`, `etl.layers` and `etl.model.errors`; no finder.
"""
