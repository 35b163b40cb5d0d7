"""What was learned: how well two line ends go on into each other, and the trees that weigh signs.

`continuation` scores pairs of edges from `ngrams` and `dense_encoder`, `scores` keeps those of a report,
`classifier` runs the trees over the columns of `signs`, and `weights` loads both.

Imports `layout`; `furniture` and `order` ask it.
"""
