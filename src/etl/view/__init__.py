"""Render one HTML page that explains why each sentence is where it is.

`page` sets the raw text beside the restored one; what a reader sees is laid out in
``report.html.j2``, what is marked is decided in `etl.view.marks`.

It is for one report that is sent or kept as a file: no server, no script, no other page. Who reads stored
reports, decides and corrects has `etl.room`, whose pages set the two texts in rows. Both take the sentences
of the ledger from `etl.rules.explain`, the map between the texts from `etl.model.traced`, the rules from
their cards and the values of entities from `etl.model.mentions`; what each draws is its own.

The package imports values and `etl.rules`; only the command line imports it.
"""

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from etl import rules
from etl.model.report import Report
from etl.view.marks import ledger, raw_pieces, text_pieces

__all__ = ["page"]


def page(report: Report, raw_text: str) -> str:
    """Render a complete HTML document that loads nothing from elsewhere.

    ``raw_text`` is the text that the report was read as (`etl.read.read`); offsets of the report's
    runs and ledger point into it.
    """
    return _template().render(
        report=report,
        raw=raw_pieces(report, raw_text),
        paragraphs=[(p, text_pieces(report, p)) for p in report.paragraphs],
        ledger=ledger(report),
        cards=[card for name, card in rules.cards().items() if any(c.rule == name for c in report.edits)],
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("etl.view", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("report.html.j2")
