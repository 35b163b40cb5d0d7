"""Tell a person's name from what is written inside it: an office (吳院長敦義), or a blank (赵　敏)."""

from etl.text.expressions import compiled
from etl.text.surnames import COMMON

Span = tuple[int, int]

HAN = "㐀-鿿"
# Between the parts of a foreign name; and what is typed for them, which is a dot of a number, too.
NAME_DOTS = "·・•‧"
TYPED_DOTS = "．."
# Offices that stand between surname and given name, as Taiwan's records write them; in simplified characters.
OFFICE = (
    "(?:副|代理)?(?:主任委员|召集委员|委员|院长|部长|次长|政务次长|署长|局长|处长|司长|主任|秘书长|市长|县长|议员|议长|董事长"
    "|总经理|店长|校长|主席|组长|科长|大使|代表|教授|审议长|审计长)"
)
# 林先生: the surname alone is the name.
RESPECT = "(?:先生|女士|小姐|太太)"
HONORED = compiled(f".{RESPECT}")
_INSIDE = compiled(f"([{COMMON}]){OFFICE}([{HAN}]{{1,2}})")
_BLANK = compiled(f"([{HAN}])[ \u3000]+([{HAN}])")


def bare_name(folded: str) -> str:
    """Return a name as it is without an office or blanks inside.

    >>> bare_name("吴院长敦义"), bare_name("赵　敏"), bare_name("王院长")
    ('吴敦义', '赵敏', '王院长')
    """
    if inside := _INSIDE.fullmatch(folded):
        return inside[1] + inside[2]
    return _BLANK.sub(r"\1\2", folded) if _BLANK.fullmatch(folded) else folded


def office_inside(folded: str) -> Span | None:
    """Return where the office stands in a name that has one inside."""
    inside = _INSIDE.fullmatch(folded)
    return (inside.end(1), inside.start(2)) if inside else None
