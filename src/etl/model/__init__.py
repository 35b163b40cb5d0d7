"""Values that pass between the stages, each frozen: what is read, restored, found, decided and stored.

`report`: raw reports, readings, paragraphs and the stored report with all its parts. `mentions`: entities and
facts with their places in a text. `traced`: a text that knows where in the raw text each character stood, and
the changes made to it. `decisions`: what people decided about changes. `layout`: boxes on the pages of a PDF.
`rejects`: why a source became no report. `errors`: what goes wrong, in sentences. `stages`: the one list of
stages. `ids`: ids of reports. `exact`: exact decimals.

The package imports no other of `etl`; every other may import it.
"""
