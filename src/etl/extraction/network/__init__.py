"""The project's own tagger: a small network of convolutions over characters and dictionary words.

`features` turns a text into the network's input, `tagger` runs it, `outputs` names the columns of its answer,
`paths` mends sequences of tags that cannot be, `names` finds whole names, `shares` looks up what it says of a
span. `recurrent` is a second network, which reads sentences, and `cascade` asks it and LAC where the first
is unsure.

May import `etl.text`, `etl.model.errors` and the resources. `benchmarks/train_tagger.py` trains it;
`docs/tagger.md` is its card.
"""
