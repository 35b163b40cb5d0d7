"""Find who, where, when and how much in a text: entities with offsets and values, facts, terms, keywords.

`extractor.extract` is the entry. One package finds each kind of entity (`people`, `organizations`,
`places`, `times`, `amounts`), `linking` gives one key to one thing, `facts` matches declared patterns,
`terms` makes the words of search. `resources` holds word lists and models.

`choosing` chooses among the names that `network` proposes, `glosses` adds what stands in brackets behind
them, `corrected` applies what people said of entities.

Imports run one way: extractor -> linking, facts, terms, glosses -> organizations -> places -> people ->
context -> resources; `times` and `amounts` import `context` and `resources` only. From the rest of `etl` the
package takes `etl.text`, `etl.model`, `etl.layers`, `etl.onnx_session` and `etl.openvino_session`.
"""
