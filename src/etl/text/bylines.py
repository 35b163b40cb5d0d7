"""Recognize bylines: lines that name authors, and the reporters named in the lead of a dispatch.

A new form of byline is one more alternative of `_FORMS` and a row in tests/cases/structure/bylines.toml.
"""

import re
from itertools import takewhile

from etl.text.expressions import compiled
from etl.text.surnames import begins_with_surname

_HOUSE = r"(?:本[报報刊网網台社]|[\u4e00-\u9fff]{2,6}[报報网網台社])"
_ROLE = (
    r"(?:特[约約派]|[实實][习習]|[见見][习習]|首席|[驻駐][\u4e00-\u9fff]{2,6}|全媒[体體]|融媒[体體])*"
    r"(?:[记記]者|通[讯訊][员員]|特[约約]撰稿人?|撰稿人?|[评評][论論][员員])"
)
_PICTURE = r"(?:[图圖]片?|[摄攝]影?|[摄攝]影[报報][道導])"
_WORDS = r"(?:文字?|撰文|[图圖]文|文[图圖]|作者|撰稿|供稿|采[写寫]|採[写寫]|整理|[编編][译譯]|作\s+者)"
# Labels before names in a line of credits, as one alternation.
CREDIT_LABELS = "记者|記者|通讯员|通訊員|编辑|編輯|作者|摄影|攝影|供稿"
_REST = r"(?P<names>[^。！？；;!?“”《》]{1,60}?)"
_TAIL = r"(?:\s*(?:[摄攝]影?|文\s*[/／]\s*[图圖]|文))?"

# Each form has the group `names`. Free forms name anyone, also an organization; the others only people.
_FREE_FORMS = (
    compiled(
        r"^[（(]?\s*(?:文\s*[/／、·・ ]\s*[图圖]|[图圖]\s*[/／、]\s*文"
        rf"|{_WORDS}\s*[/／:：|丨])\s*[:：/／]?\s*{_REST}\s*[）)]?$"
    ),
    compiled(rf"^[◎○●□■☆★◇◆⊙@＠]\s*(?:文\s*[/／]\s*)?{_REST}$"),
    compiled(rf"^{_PICTURE}\s*[/／:：]\s*{_REST}$"),
)
_FORMS = (
    compiled(rf"^[（(【]?\s*{_HOUSE}?\s*(?P<role>{_ROLE})\s*[:：]?\s*{_REST}{_TAIL}\s*[）)】]?$"),
    compiled(rf"^[（(]?\s*{_HOUSE}\s*(?P<role>{_ROLE})\s*(?P<names>)[）)]?$"),
)
_ORIGINAL = compiled(
    r"^(?:原[创創]|首[发發]|独家|獨家)[\s　]*[:：|｜丨·]?[\s　]*(?P<names>[^。！？；;!?“”《》]{2,40}?)$"
)
_ORGANIZATION_NAMED = compiled(
    r"^[（(]?\s*(?P<names>(?:本刊|本报|本報|本网|本網|本台)(?:[编編][辑輯]部|[评評][论論][员員]|特[约約][评評][论論][员員]|[综綜]合[报報][道導]))[）)]?$"
)
_LEAD = compiled(
    rf"^(?:【?本[报報]讯】?|本[报報]訊|[\u4e00-\u9fff]{{2,8}}[^。，,（(]{{0,24}}?[电電讯訊])\s*[（(](?P<names>{_HOUSE}?\s*{_ROLE}[^）)。]{{1,50}})[）)]"
)
_ROLE_WORD = compiled(
    rf"(?P<picture>{_PICTURE}\s*[/／:：])|{_HOUSE}?\s*{_ROLE}\s*[:：]?|{_WORDS}\s*[/／:：]|[（(）)【】]"
)
# Among the fields beside a date: 2021-03-05　来源：石桥日报　作者：王小明.
_FIELD = compiled(
    r"(?:^|[\s|｜])(?:作者|[记記]者|通[讯訊][员員]|撰稿人?)[ 　]*[:：][ 　]*(?P<names>[^\s:：|｜]{2,30})"
)
_SEPARATOR = compiled(r"[\s、,，/／&＆|丨;；]+")
_PERSON = compiled(
    r"^[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}$|^[\u4e00-\u9fff]{1,8}[·・•][\u4e00-\u9fff·・•]{1,16}$"
)
_PARTIES = frozenset(("原告", "申请人", "申請人"))  # of a case; they begin like names
_LATIN_NAME = compiled(r"^[A-Z][A-Za-z.'’-]{0,20}$")
_ORGANIZATION = compiled(
    r"(?:部|局|社|会|會|委|中心|办公室|辦公室|办|辦|组|組|院|所|公司|[评評][论論][员員]|小[组組]|协会|校|站|队|隊|团|團)$"
)
# Where they work or wrote from.
_REMARK = compiled(r"[单單]位\s*[:：].*$|(?<![^\s/／])[\u4e00-\u9fff]{0,6}[报報][道導]$|[报報][道導]$")
_HINT = compiled(
    "[创創首独獨记記员員者文图圖稿写寫理摄攝影◎○●□■☆★◇◆⊙@＠编編译譯论論导導]"
)  # no byline has none of these
_LONGEST_ORGANIZATION = 20  # characters of an organization that signs a text
_LONGEST = 70  # characters of a byline: several names with their titles
LEAD_LENGTH = 120  # characters of a lead: place, date, organization and its reporters
MAX_NAMES = 6  # of a line of names below a title; more are a list in the text


def authors(line: str) -> tuple[str, ...]:
    """Return the authors that a byline names, in its order; empty for a line that is no byline.

    An organization may be an author (本刊编辑部); who only took the pictures is not one.
    """
    return _read(line.strip())[1]


def is_byline(line: str) -> bool:
    """Check whether the line as a whole says who made the text or its pictures."""
    return _read(line.strip())[0]


def lead_authors(paragraph: str) -> tuple[str, ...]:
    """Return the reporters in the lead of a dispatch: 本报讯（记者 …） or 新华社…电（记者…）."""
    found = _LEAD.match(paragraph[:LEAD_LENGTH])
    return _people(found["names"], free=False) if found else ()


def field_authors(line: str) -> tuple[str, ...]:
    """Return the authors that one of the fields beside a date names."""
    found = _FIELD.search(line)
    return _people(found["names"], free=True) if found else ()


def is_name_list(line: str) -> bool:
    """Check whether the line holds nothing but names of people, as the line below a title often does."""
    tokens = _tokens(line.strip())
    few = 1 <= len(tokens) <= MAX_NAMES
    return few and all(_is_person(token) and not _ORGANIZATION.search(token) for token in tokens)


def name_list(line: str) -> tuple[str, ...]:
    """Return the names of a line of names."""
    return tuple(_tokens(line.strip()))


def _read(line: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether a line is a byline, and its authors."""
    if len(line) > _LONGEST or not _HINT.search(line):
        return False, ()
    if found := _ORGANIZATION_NAMED.match(line):
        return True, (found["names"],)
    if found := _ORIGINAL.match(line):
        names = tuple(takewhile(_is_person, _tokens(found["names"])))
        return bool(names), names
    for form in _FREE_FORMS:
        if found := form.match(line):
            return _free(found, line)
    for form in _FORMS:
        if found := form.match(line):
            names = _people(found["names"], free=False)
            if names or not found["names"]:
                return True, names
    return False, ()


def _free(found: re.Match[str], line: str) -> tuple[bool, tuple[str, ...]]:
    """Read forms that announce a name: anything short after them is one."""
    if re.match(rf"{_PICTURE}\s*[/／:：]\s*(?!文)", line):
        return True, ()
    names = _people(found["names"], free=True)
    return bool(names), names


def _people(text: str, *, free: bool) -> tuple[str, ...]:
    """Split names between role words and separators, in order, each once.

    All of it must be names: 记者获悉 and 记者从县政府了解到 are sentences.
    """
    out: list[str] = []
    picture = False
    position = 0
    for role in [*_ROLE_WORD.finditer(text), None]:
        piece = text[position : role.start() if role else len(text)]
        for token in _tokens(_REMARK.sub("", piece)):
            if not (_is_name(token) if free else _is_person(token)):
                return ()
            if not picture and token not in out:
                out.append(token)
        if role:
            position, picture = role.end(), bool(role["picture"])
    return tuple(out)


def _tokens(text: str) -> list[str]:
    """Return the words of a list of names; characters set apart to fill the line (王 宏) come together."""
    out: list[str] = []
    half = False
    for token in _SEPARATOR.split(text):
        if not token:
            continue
        latin = (
            bool(out) and bool(_LATIN_NAME.match(token)) and bool(_LATIN_NAME.match(out[-1].split(" ")[-1]))
        )
        if latin:
            out[-1] += " " + token
        elif half and len(token) == 1:
            out[-1] += token
            half = False
            continue
        else:
            out.append(token)
        half = len(token) == 1
    return out


def _is_person(token: str) -> bool:
    if not _PERSON.match(token):
        return bool(_LATIN_NAME.match(token.split(" ", maxsplit=1)[0])) and " " in token
    return (begins_with_surname(token) and token not in _PARTIES) or "·" in token or "・" in token


def _is_name(token: str) -> bool:
    if _PERSON.match(token) or _LATIN_NAME.match(token.split(" ", maxsplit=1)[0]):
        return True
    return len(token) <= _LONGEST_ORGANIZATION and bool(_ORGANIZATION.search(token))
