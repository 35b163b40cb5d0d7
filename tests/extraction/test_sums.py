"""Write sums in every way in which reports write them, and read them back."""

from collections.abc import Callable
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from etl.engines import Engines
from etl.extraction.amounts.money import find_money
from etl.extraction.context import Context

DIGITS, CAPITALS = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"
UNITS, CAPITAL_UNITS = ("", "十", "百", "千"), ("", "拾", "佰", "仟")
TRADITIONAL = str.maketrans("万亿点贰陆圆", "萬億點貳陸圓")
WAN, YI = 10**4, 10**8


def section(number: int, digits: str, units: tuple[str, ...]) -> str:
    """A number below ten thousand as it is counted out, without a zero before it."""
    out, zero = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            out += ("零" if zero and out else "") + digits[digit] + units[place]
            zero = False
        else:
            zero = True
    return out


def counted(number: int, digits: str = DIGITS, units: tuple[str, ...] = UNITS) -> str:
    """A number below a thousand billion in characters."""
    out = ""
    for size, sign in ((YI, "亿"), (WAN, "万"), (1, "")):
        part = number // size % WAN
        if part:
            gap = out and (part < WAN // 10 or (number // size // WAN % 10 == 0 and size != YI))
            out += ("零" if gap else "") + section(part, digits, units) + sign
    return out or digits[0]


def scaled(number: Decimal, size: int, sign: str) -> str:
    """A number in 万 or 亿 with as many decimals as that takes."""
    return f"{(number / size).normalize():f}{sign}"


def in_characters(number: Decimal) -> str:
    """The same with its decimals read out."""
    size, sign = (YI, "亿") if number >= YI else (WAN, "万")
    whole, _, decimals = f"{(number / size).normalize():f}".partition(".")
    return counted(int(whole)) + ("点" + "".join(DIGITS[int(d)] for d in decimals) if decimals else "") + sign


def capitals(number: Decimal) -> str:
    """A sum as it stands on a receipt, with 角 and 分."""
    cents = int(number * 100)
    tenths, rest = cents % 100 // 10, cents % 10
    coins = (CAPITALS[tenths] + "角" if tenths else "零" if rest else "") + (
        CAPITALS[rest] + "分" if rest else ""
    )
    return counted(cents // 100, CAPITALS, CAPITAL_UNITS) + "元" + (coins or "整")


def mixed(number: Decimal) -> str:
    """A sum as Taiwan's budgets write it: 220億9,000萬."""
    whole = int(number)
    parts = ((whole // YI, "億"), (whole // WAN % WAN, "萬"), (whole % WAN, ""))
    return "".join(f"{part:,}{sign}" for part, sign in parts if part)


WRITINGS: dict[str, Callable[[Decimal], str]] = {
    "digits": lambda n: f"{n.normalize():f}元",
    "separators": lambda n: f"{n.normalize():,f}元",
    "wide digits": lambda n: "".join(
        chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in f"{n.normalize():f}元"
    ),
    "blanks": lambda n: f"{n.normalize():f} 元",
    "in ten thousands": lambda n: scaled(n, WAN, "万元"),
    "in hundred millions, with a blank": lambda n: scaled(n, YI, " 亿元"),
    "sign before": lambda n: f"￥{n.normalize():f}",
    "decimals in characters": lambda n: in_characters(n) + "元",
    "capitals": capitals,
    "traditional capitals": lambda n: capitals(n).replace("元", "圓").translate(TRADITIONAL),
}
WHOLE: dict[str, Callable[[Decimal], str]] = {
    "characters": lambda n: counted(int(n)) + "元",
    "traditional characters": lambda n: counted(int(n)).translate(TRADITIONAL) + "圓",
    "digits with their scales": lambda n: mixed(n) + "元",
}
SUMS = st.one_of(st.integers(100, 10**6), st.integers(100, 10**13)).map(lambda cents: Decimal(cents) / 100)


def read(engines: Engines, text: str) -> list[tuple[str, Decimal | None]]:
    """The sums of a text with their exact values."""
    context = Context(text, text.translate(engines.lexicon.folding), (), engines.lexicon, None)
    return [(m.text, m.value.exact if m.value is not None else None) for m in find_money(context)]


@given(number=SUMS)
@settings(max_examples=120, deadline=None)
def test_sums_survive_every_writing(engines: Engines, number: Decimal) -> None:
    """A sum is read back exactly from ten ways to write it, and from three more where it has no cents."""
    ways = WRITINGS | (WHOLE if number == int(number) and _settled(int(number)) else {})
    for name, write in ways.items():
        found = read(engines, f"合计{write(number)}。")
        assert [value for _, value in found] == [number], (name, write(number), found)


def _settled(number: int) -> bool:
    """Check that no digit ends the number that could count the next unit below (一万三, 3万5)."""
    return number < WAN or number % WAN == 0 or number % WAN >= WAN // 1000


@given(low=st.integers(2, 400), more=st.integers(1, 400), sign=st.sampled_from("至到—-～"))
@settings(max_examples=80, deadline=None)
def test_ranges_share_their_scale(engines: Engines, low: int, more: int, sign: str) -> None:
    """The first number of a range has the scale of the second, in digits and in characters."""
    low, high = low * 10, (low + more) * 10
    for first, second in ((str(low), str(high)), (counted(low), counted(high))):
        text = f"补助{first}{sign}{second}万元。"
        context = Context(text, text, (), engines.lexicon, None)
        ends = [(float(m.value or 0), float(m.max or 0)) for m in find_money(context)]
        assert ends == [(low * WAN, high * WAN)], text
