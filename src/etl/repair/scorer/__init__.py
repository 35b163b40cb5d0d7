"""Run the trained models: the continuation model, which scores pairs of line ends, and the tree classifiers.

`continuation` scores pairs of edges from `ngrams` and `dense_encoder`, `scores` keeps those of a report,
`classifier` runs trees over the columns of `feature_names`, and `weights` reads both from their file.

Imports `layout`; `furniture` and `order` use it.
"""
