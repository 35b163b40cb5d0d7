"""The project's own taggers: a small network of convolutions, and a recurrent one for sentences in doubt.

`features` turns a text into the first one's input, `tagger` runs it; `recurrent` is the second one, opened by
`graph_engines`, and `cascade` asks it where the first is unsure. `outputs` names the columns of their
answers, `answers` reads words and names off them, `paths` mends sequences of tags that cannot be, `names`
finds whole names, `shares` looks up what is said of a span.

May import `etl.text`, `etl.model.errors`, `etl.onnx_session`, `etl.openvino_session` and the resources.
`benchmarks/train_tagger.py` and `benchmarks/train_reader.py` train them; `docs/tagger.md` is their card.
"""
