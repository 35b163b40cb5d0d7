import tomllib
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.cli.output.names import relative, targets

CASES = tomllib.loads(
    (Path(__file__).parents[1] / "cases" / "cli" / "names.toml").read_text(encoding="utf-8")
)["case"]
PATHS = st.lists(
    st.sampled_from(["a", "A", "b/a", "报告"]).flatmap(
        lambda stem: st.sampled_from(["", ".txt", ".TXT", ".md", ".md.txt", ".txt.txt", "-2.txt"]).map(
            lambda suffix: stem + suffix
        )
    ),
    unique=True,
    max_size=12,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["promise"])
def test_table(case: dict[str, Any]) -> None:
    """Each kind of URI goes to the file that the table says."""
    found = [(uri, relative(uri, case["root"])) for uri in case["uris"]]
    placed = targets(found)

    assert [placed[uri].as_posix() for uri in case["uris"]] == case["names"]


@given(paths=PATHS)
def test_no_two_reports_share_a_file(paths: list[str]) -> None:
    """Whatever the names, every report has a file of its own, also where letter case is ignored."""
    placed = targets([(path, PurePosixPath(path)) for path in paths])

    assert len({target.as_posix().casefold() for target in placed.values()}) == len(paths)
    assert all(target.suffix == ".txt" for target in placed.values())
