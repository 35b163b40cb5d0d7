"""Export stored reports: many as flat tables, one as a document.

`tables` says what a table holds, `reading` fills it from a store, `row_choice` says which rows a search
wants, `table_formats` writes it; `documents` writes one report as TEI, Markdown, RIS or BibTeX. Everything is
streamed, so that memory does not grow with what is written.

The tables: `columns` types them, `facts` adds one for patterns, `as_csv`, `as_jsonl`, `as_parquet` and
`as_xlsx` write them, `reference` documents them. The documents: `tei` with `tei_inline`, `placed_changes` and
`xml_text`, `markdown`, `citation`.

It imports values and the store's reads; the command line, the API and `etl.wiring` import it.
"""
