"""Marks that end sentences and what may close behind them, in either script and width.

Another mark is one more character here.
"""

SENTENCE_END = frozenset("。！？!?…｡︒︕︖︙")  # the last four as vertical text has them
CLOSERS = "”’」』》〉）)】〕］]\"'﹂﹄︾︶︼"
