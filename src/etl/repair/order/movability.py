"""Decide whether pieces of a report may move: not in laws, lists and talk."""

from collections import Counter

from etl.repair.order.content import Content
from etl.structure import is_article, is_speaker

# Set by hand on the development sets, judged by `make bench-repair` and `make bench-harm`
# (docs/decisions/0035).
MOST_OPEN = 40  # open seams; where there are more, nobody can say what belongs where
MOST_LISTED = 0.3  # share of lines in lists and tables from which on the order of a text stands
MOST_ENTRIES = 0.5  # share of entries, the same
ORDERED = 3  # turns of speech, articles of a law, or entries, from which on the order of a text stands
LONGEST_NAMED = 24  # characters within which the colon of a turn of speech stands


def may_move(content: Content) -> bool:
    """Check whether pieces of a report may be out of order: not in records of talk, lists and laws.

    In prose without marks nothing tells a cut sentence from the end of a paragraph.
    """
    if content.stats.even:
        return False
    lines = [content.lines.line(k) for k in content.line_index.tolist()]
    speakers = Counter(
        line.split("：")[0] for line in lines if "：" in line[:LONGEST_NAMED] and is_speaker(line)
    )
    turns = sum(count for count in speakers.values() if count > 1)
    articles = sum(line[0] == "第" and is_article(line) for line in lines)
    entries = int(content.entries.sum())
    listed = content.listed.mean() > MOST_LISTED or ORDERED <= entries > MOST_ENTRIES * len(content)
    return max(turns, articles) < ORDERED and not listed
