"""What people decided and corrected keeps its place and its meaning, as it was exported."""

import pytest
from tests.corrections.cases import FOLDER, Case, cases, failures, made

from etl.corrections import Annotations

CASES = {
    f"{path.stem}:{case['report']}": case for path in sorted(FOLDER.glob("*.jsonl")) for case in cases(path)
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_exported(case: Case) -> None:
    """With what people said, the text of a case reads as it did when it was exported."""
    assert failures(case, made(case)) == []


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_cases_ask_for_something(case: Case) -> None:
    """Without what people said, something reads otherwise: else the program knows it by itself by now."""
    assert failures(case, made(case, Annotations())) != []
