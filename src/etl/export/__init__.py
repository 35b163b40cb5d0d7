"""Stored reports taken away: flat tables of many, documents of one.

`tables` says what a table holds, `reading` fills it from a store, `table_formats` writes it; `documents`
writes one report as TEI, Markdown, RIS or BibTeX. Everything is streamed, so that memory does not grow with
what is written.

It imports values and the store's reads; the command line, the API and `etl.wiring` import it.
"""
