"""Numbers that divide: what stands on the one side of one holds, what stands on the other does not."""

from collections.abc import Callable, Mapping
from typing import Any

# By the name of a number: a question, the arguments that it holds of, and those that it does not hold of.
Edges = Mapping[str, tuple[Callable[..., Any], tuple[Any, ...], tuple[Any, ...]]]


def divides(question: Callable[..., Any], holds: tuple[Any, ...], holds_not: tuple[Any, ...]) -> bool:
    """Whether a question holds on the one side and not on the other; fails with the side that is wrong."""
    assert question(*holds), f"it does not hold of {holds}"
    assert not question(*holds_not), f"it holds of {holds_not}"
    return True
