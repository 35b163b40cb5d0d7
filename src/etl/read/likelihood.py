"""Score how probable a text is as Chinese, by the frequency of its characters.

Decoding asks which encoding made a text, undoing whether a text was decoded wrongly. A block of Unicode
outside the table of frequencies is one more row of `BLOCKS`.
"""

from etl.read.frequent import FREQUENT

# The mean log-probability of the characters beyond ASCII: -6 in Chinese prose, -12 in garbage.
PLAUSIBLE = -10.0
# How far fewer characters may fall below that, divided by their number.
SHORT_TEXT_SLACK = 5.0
# Log-probabilities of characters outside the table, by block: ideographs, then punctuation.
BLOCKS = (
    ("\u4e00", "\u9fff", -12.5),
    ("\u3000", "\u30ff", -11.0),
    ("\uff00", "\uffef", -11.0),
    ("\u2010", "\u203f", -11.0),
    ("\u2160", "\u217f", -11.0),  # Ⅳ
    ("\u2460", "\u24ff", -11.0),  # ③ and ⑴, which two tables of Big5 put in different places
    ("\u00a0", "\u00ff", -13.0),
)
# And of any other, e⁴ times rarer than the rarest of these; set by hand, as they are.
UNKNOWN = -17.0


def score(text: str) -> tuple[float, float, int]:
    """Return a text's log-probability, its mean over characters beyond ASCII (else 0.0), their number."""
    total = beyond = 0.0
    count = 0
    for character in text:
        value = FREQUENT.get(character)
        if value is None:
            value = _rare(character)
        total += value
        if character > "\x7f":
            beyond += value
            count += 1
    return total, beyond / count if count else 0.0, count


def floor(count: int) -> float:
    """Return the mean log-probability below which ``count`` characters are garbage; few may be rarer."""
    return PLAUSIBLE - SHORT_TEXT_SLACK / max(1, count)


def _rare(character: str) -> float:
    """Return the log-probability of a character outside the table, by its Unicode block."""
    return next((value for low, high, value in BLOCKS if low <= character <= high), UNKNOWN)
