"""The project's own tagger: a small network of convolutions over characters and dictionary words.

`features` turns a text into the network's input, `tagger` runs it, `outputs` names the columns of its answer,
and `paths` mends sequences of tags that cannot be.

May import `etl.text`, `etl.model.errors` and the resources. `benchmarks/train_tagger.py` trains it;
`docs/tagger.md` is its card.
"""
