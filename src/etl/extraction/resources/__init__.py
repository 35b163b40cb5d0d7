"""What extraction leans on: word lists, declared patterns of facts, the gazetteer, the tagger, the segmenter.

`lexicon` and `word_files` hold word lists, `fact_pattern_files` and `fact_patterns` declared patterns,
`gazetteer` and `division_table` the divisions, `tagger` what a tagger tells, `batches` the sentences that a
model reads at once, `segmenter` the words of a dictionary, `rarity` how rare words are.

Built once a process by `etl.engines`. May import `etl.text`, `etl.layers` and `etl.model.errors`; no finder.
"""
