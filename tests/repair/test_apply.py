"""What goes between two halves."""

import pytest

from etl.repair.apply import joiner


@pytest.mark.parametrize(
    ("left", "right", "space"),
    [
        ("世界", "卫生", ""),
        ("the World", "Health", " "),
        ("the end,", "and then", " "),
        ("COVID-", "19", ""),
        ("人均1", "200元", ""),
        ("病毒,", "500人", ""),
        ("由WHO", "组织", ""),
        ("组织", "WHO", ""),
        ("in 2020", "WHO said", " "),
        ("增长11.", "7%", ""),
    ],
)
def test_glue(left: str, right: str, space: str) -> None:
    """Only Latin words are kept apart."""
    assert joiner(left, right) == space
