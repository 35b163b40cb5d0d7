"""The house's own tagger: a small network of convolutions over characters and dictionary words.

May import `etl.text`, `etl.errors` and the resources. `benchmarks/train_tagger.py` trains it;
`docs/tagger.md` is its card.
"""
