"""Write the columns of all tables into docs/exports.md: `python -m etl.export.reference`.

Those of facts follow from the patterns of the package.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from etl.export import facts, tables
from etl.export.columns import Column
from etl.extraction.resources.fact_pattern_files import fact_fields
from etl.settings import config_dir

BEGIN, END = "<!-- columns -->", "<!-- end of columns -->"


def render_columns() -> str:
    """Render the columns of all tables in Markdown."""
    declared = fact_fields(sorted((config_dir() / "facts").glob("*.toml")))
    every = {
        "reports": tables.REPORTS,
        "entities": tables.ENTITIES,
        "mentions": tables.MENTIONS,
        "facts": facts.fact_columns(facts.choose_fields(declared, None)),
    }
    return "\n\n".join(f"### {name}\n\n{_table(found)}" for name, found in every.items())


def _table(found: Iterable[Column]) -> str:
    rows = [f"| `{one.name}` | {one.type} | {one.meaning} |" for one in found]
    return "\n".join(["| column | type | meaning |", "|---|---|---|", *rows])


def write_columns(page: Path) -> None:
    """Write the tables between the marks of a page."""
    text = page.read_text(encoding="utf-8")
    shown = re.sub(
        f"{BEGIN}.*{END}", lambda _: f"{BEGIN}\n\n{render_columns()}\n\n{END}", text, flags=re.DOTALL
    )
    page.write_text(shown, encoding="utf-8")


if __name__ == "__main__":
    write_columns(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/exports.md"))
