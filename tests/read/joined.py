"""What readings of PDFs say once their lines are joined."""

from etl.model.report import Reading


def paragraphs(found: Reading) -> list[str]:
    """Return lines joined where that is sure, furniture left out."""
    marks = {mark.start: mark.mark for mark in found.marks}
    out: list[str] = []
    at, goes_on = 0, False
    for line, end in zip(found.text.split("\n"), (*found.line_ends, "end"), strict=True):
        if marks.get(at) != "furniture":
            out[-1:] = [out[-1] + line] if goes_on else [*out[-1:], line]
            goes_on = end == "join"
        at += len(line) + 1
    return out
