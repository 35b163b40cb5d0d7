"""Declare stored documents as records, and convert between records and BSON.

Records stand in the module that is named after the sub-package that writes them: `blobs`, `annotations`,
`changelog`, `coordination`, `reports`, `schema`. They are frozen dataclasses, from which validators, indexes
and docs/schema.md follow; a new field is one line with a word of explanation in the docstring. What
``reports`` holds of a report's content is `etl.model.report.Report`.

`codec` and `report_codec` convert them, `compact` and `packing` make them small; `clock` and `process` say
when and who.

The ground floor of the store: every other sub-package may import it, and it imports none of them.
"""
