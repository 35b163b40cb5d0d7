"""Tell which currency a text means where it says 元 alone, from what it says of itself.

The words that show where a text was written are ``[issuers]`` of ``config/lexicon/amounts.toml``. The script
shows nothing: texts of Taiwan and Hong Kong are handed on in simplified characters, too.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache

from etl.extraction.context import Context, found_once
from etl.text.alternation import alternation
from etl.text.first_characters import compile_with_lookahead

HOME = "CNY"
# ISO 4217 has it for no currency, and its users for one that is not known.
UNSURE = "XXX"
# So many words make a text another's than the mainland's, where Hong Kong's government is named in passing;
# what is said there of Taiwan's offices stands in quotes, and its years nowhere.
FEWEST = {"TWD": 1}
FEWEST_OTHERWISE = 3
# So many times as many words as those of anybody else.
TIMES = 3
QUOTED = "(?<![“‘「『\"'])"
# Years of the Republic since 1950, and its fiscal years; histories of the mainland count those before.
REPUBLIC = (
    "民国(?:39|[4-9]\\d|1\\d\\d|三十九|[四五六七八九]十[一二三四五六七八九]?|[一壹]百[一二三四五六七八九十零〇○]{0,3}"
    "|[一二三四五六七八九]{2}|一[一二零〇○][一二三四五六七八九零〇○])年|(?<!\\d)1[01]\\d学?年度"
)
REPUBLIC_CURRENCY = "TWD"


@found_once
def own_currency(context: Context) -> Iterator[str]:
    """Yield one currency: that of a bare 元 in this text, `UNSURE` where it says of itself too little."""
    issuers = context.lexicon.amounts.issuers
    words = Counter(
        currency
        for match in _signs(tuple(issuers)).finditer(context.dense.text)
        for currency in issuers.get(match[0], (REPUBLIC_CURRENCY,))
    )
    yield _most(words)


def _most(words: Mapping[str, int]) -> str:
    """Return the currency that by far the most words speak for; that of the mainland where no word speaks."""
    strange = {currency: count for currency, count in words.items() if currency != HOME}
    if not strange:
        return HOME
    first = max(strange, key=lambda currency: strange[currency])
    count, others = strange[first], max((n for one, n in strange.items() if one != first), default=0)
    home = words.get(HOME, 0)
    if home >= TIMES * count:
        return HOME
    sure = count >= FEWEST.get(first, FEWEST_OTHERWISE) and count >= TIMES * home and count > others
    return first if sure else UNSURE


@lru_cache(maxsize=2)
def _signs(words: tuple[str, ...]) -> re.Pattern[str]:
    return compile_with_lookahead(f"{QUOTED}(?:{alternation(words)})", REPUBLIC)
