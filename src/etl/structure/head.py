"""Find what stands above the text of a report: letterhead, table of contents, title, occasion, author.

A kind of document that ends a title is one more alternative of `_DOCUMENT`, a line that is never a title one
of `_APPARATUS`. Both have rows in tests/cases/structure/reports.toml.
"""

from collections.abc import Container, Iterator, Sequence

from etl.structure.dates import is_occasion, line_date
from etl.structure.predicates import (
    ends_sentence,
    is_document_number,
    is_note,
    is_numbered,
    is_row,
    is_salutation,
)
from etl.text.bylines import is_byline, is_name_list
from etl.text.expressions import compiled
from etl.text.numbering import MARKDOWN_BULLETS
from etl.text.numerals import UP_TO_TENS, ZERO_SIGNS
from etl.text.surnames import COMPOUND_SURNAMES, SURNAMES

_DOCUMENT = compiled(
    r"(?:通知|通告|通[报報]|公告|公[报報]|[决決]定|[决決][议議]|意[见見]|函|[报報]告|[请請]示|批[复復覆]|令|[议議]案|[纪紀]要"
    r"|[办辦]法|[规規]定|[规規][则則]|[细細][则則]|[条條]例|方案|[规規][划劃]|[计計][划劃]|[预預]案|[总總][结結]|[讲講][话話]|致[辞辭詞词]"
    r"|[发發]言|[说說]明|建[议議]|提案|倡[议議][书書]|公[开開]信|答[复復覆]|[声聲]明|判[决決][书書]|裁定[书書]|[决決]定[书書]|通知[书書]"
    r"|要[点點]|解[释釋])(?:稿)?(?:[（(][^（）()]{1,16}[）)])?"
)
_SENDS = compiled(r"(?:关于|關於)(?:印[发發]|[转轉][发發]|批[转轉]|[发發][布佈]|公[布佈]|下[发發])")
_SENT = compiled(r"(?:通知|公告|[决決]定|令|函|批[复復覆])(?:[（(][^（）()]{1,16}[）)])?")
_ABOUT = compiled(r"关于|關於|有關|^在")
_ORGANIZATION = compiled(
    r"[\u4e00-\u9fff、（） 　]{1,36}"
    r"(?:[府部委局厅廳院会會办辦室处處署组組社所司行校团團队隊镇鎮乡鄉村]|中心|大[学學]|公司)"
)
_LETTERHEAD = compiled(r"(?!.{0,30}(?:关于|關於|《))[\u4e00-\u9fff（）()、 　]{2,40}文[ 　]*件")
_APPARATUS = compiled(
    rf"[（(]?第\s*[0-9{ZERO_SIGNS}{UP_TO_TENS}]{{1,5}}\s*[期号號][）)]?(?:[（(][总總]第.{{1,8}}期[）)])?"
    r"|(?:[绝絕]密|[机機]密|秘密)[ 　★☆*]?.{0,8}|(?:特急|加急|急件|平急|[内內]部[资資]料).{0,6}|[0-9]{5,8}"
    r"|(?:[签簽][发發]人|份[号號]|密[级級]|[发發]文字[号號]|文[号號]|索引[号號]|[发發]布[机機][构構]|主[题題][词詞]|公[开開][类類]别|有效性)"
    r"[ 　]*[:：].{0,40}|[（(]此件[^（）()]{2,20}[）)]|[-—_=*＊]{3,}"
    rf"|附[ 　]*[表件录錄][ 　]*[0-9{UP_TO_TENS}]{{0,3}}"
)
# What stands beside signatures: for whom somebody decides, an office whose holder is not named.
_SIGNED = compiled(
    r"[本依授].{0,24}(?:[决決]行|代行)|[\u4e00-\u9fff]{2,20}人民政府[省市县縣区區州乡鄉镇鎮][长長]"
)
_CONTENTS = compiled(r"目[ 　]*[录錄次]")
_NUMBER_END = compiled(rf"[\s　.．…·⋯]{{0,60}}[（(]?[0-9０-９]{{1,4}}[）)]?$|^[•{MARKDOWN_BULLETS}]\s*")
_ATTACHED = compiled(r"附[ 　]*件[ 　]*[:：][ 　]*([0-9]{1,2})[.．、]")
_ITEM = compiled(r"([0-9]{1,2})[.．、][^。；]{1,60}")
_OFFICE = (
    r"(?:[省市县縣区區州乡鄉镇鎮村旗盟部局厅廳司处處校会會行院社台站][长長]"
    r"|[检檢]察[长長]|主席|主[ 　]*任(?:委[员員])?|[书書][记記]|秘[书書][长長]|[总總]理"
    r"|[总總][经經]理|董事[长長]|委[员員][长長]|行政[长長]官|[总總][统統])"
)
_OFFICER = compiled(
    rf"[（(]?[\u4e00-\u9fff]{{0,24}}{_OFFICE}[ 　:：]*"
    r"(?P<name>[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff][ 　]+[\u4e00-\u9fff])[）)]?"
)
_MARK = compiled(r"^(?:#{1,6}[ 　]+|>[> 　]*)")
_MEETS = compiled(r"(?<=[\u3400-\u9fff，、：；）》”])\s+|\s+(?=[\u3400-\u9fff（《“])")
_LATIN = compiled(r"[A-Za-z0-9]")
_DASHES = "—–─―－"
_OPEN_ENDS = ("。", "；", ";", "，", ",", "：", ":", "、")
_LINES = 6  # a title, its byline and its date line stand within so many lines
_ORDER = 8  # the longest order without what it puts in force
_TITLE_LENGTH = 60  # characters of a title in one line
_TITLE_LINES = 4  # at most; five lines are a verse or a list
_LINE_LENGTH = 40  # of a title that takes more than one
_ISSUED_LINES = 2  # of a title that is an office and what it gives: 县人民政府 | 工作报告
_CONTENTS_WITHIN = 40  # lines above a table of contents
_ENTRY_LENGTH = 45  # the longest heading, see `predicates`
_NAME_LINE_LENGTH = 30  # characters of an office and its holder
_FULL_NAME = 3  # characters of a name with a surname of one


def find_contents(lines: Sequence[str]) -> range:
    """Find a table of contents near the beginning: rows, or lines that recur as headings; empty for none."""
    for at, line in enumerate(lines[:_CONTENTS_WITHIN]):
        if _CONTENTS.fullmatch(strip_marks(line)):
            end, last = (
                at + 1,
                {_entry(text): k for k, text in enumerate(lines) if len(text) <= _ENTRY_LENGTH},
            )
            while end < len(lines) and (is_row(lines[end]) or last.get(_entry(lines[end]), -1) > end):
                end += 1
            return range(at, end)
    return range(0)


def find_title(lines: Sequence[str], apart: Container[int]) -> range:
    """Find the title near the beginning: the first line that looks like one, and the lines that continue it.

    Lines `apart` are passed over: contents, and what the format marks as quotation, item or row. The range
    is empty where there is no title.
    """
    seen = 0
    for at, line in enumerate(lines):
        if at in apart or line.startswith(">"):
            continue
        if seen >= _LINES:
            break
        seen += 1
        if line and not _is_apparatus(lines, at):
            return range(at, _end(lines, at)) if _is_title(strip_marks(line)) else _annexed(lines)
    return range(0)


def _annexed(lines: Sequence[str]) -> range:
    """Find the title of a text that an order puts in force: it stands below the signatures of the order."""
    signed = [at for at in range(1, min(_ORDER, len(lines) - 1)) if officer_name(lines[at])]
    if not signed or not _is_dated(lines[0]):
        return range(0)
    at = signed[-1] + 1
    whole = _goes_on(lines[at]) and _is_title(lines[at])
    return range(at, at + 1) if whole and not _is_formal(lines[at]) else range(0)


def find_attachments(lines: Sequence[str]) -> Iterator[int]:
    """Yield the lines of the second and further attachments in a list that begins 附件：1.任务分工表."""
    due = 0  # the number that the next line must have
    for at, line in enumerate(lines):
        first, item = _ATTACHED.match(line), _ITEM.fullmatch(line) if due else None
        goes_on = item is not None and int(item[1]) == due
        if goes_on:
            yield at
        due = int(first[1]) + 1 if first else due + 1 if goes_on else 0


def join_title(lines: Sequence[str]) -> str:
    """Join the lines of a title, with a space between Latin letters or digits and else with nothing."""
    whole = ""
    for line in map(strip_marks, lines):
        apart = whole and _LATIN.match(whole[-1]) and _LATIN.match(line)
        whole += f" {line}" if apart else line
    return whole


def strip_marks(line: str) -> str:
    """Return a line without the marks of Markdown before it, which plain texts keep."""
    return _MARK.sub("", line)


def officer_name(line: str) -> str:
    """Return the name in a line that is an office and its holder (市长 王立新); "" for any other line."""
    found = _OFFICER.fullmatch(strip_marks(line)) if len(line) <= _NAME_LINE_LENGTH else None
    name = "".join(found["name"].split()) if found else ""
    fits = name[:1] in SURNAMES and len(name) <= _FULL_NAME
    return name if fits or name[:2] in COMPOUND_SURNAMES else ""


def names_of(lines: Sequence[str], at: int, under: range) -> bool:
    """Check whether line ``at`` names authors without saying so, by its place below title, occasion or date.

    ``under`` are the lines of the title. An office and its holder may also stand right above the salutation.
    """
    if len(lines[at]) > _NAME_LINE_LENGTH or at >= under.stop + _LINES:
        return False
    headed = at >= under.stop and all(_is_dated(line) or is_byline(line) for line in lines[under.stop : at])
    if officer_name(lines[at]):
        greets = at + 1 < len(lines) and is_salutation(lines[at + 1])
        return (headed and (at > 0 or greets)) or (greets and at < _LINES)
    return bool(under) and headed and is_name_list(strip_marks(lines[at]))


def is_signed(line: str) -> bool:
    """Check whether a line signs without a name: for whom somebody decides, or an office without holder."""
    return bool(_SIGNED.fullmatch(line))


def _is_formal(line: str) -> bool:
    return bool(_APPARATUS.fullmatch(line)) or is_signed(line)


def _is_dated(line: str) -> bool:
    return line_date(line) is not None or is_occasion(line)


def _entry(line: str) -> str:
    return "".join(_NUMBER_END.sub("", strip_marks(line)).split())


def _is_title(line: str) -> bool:
    whole = len(line) <= _TITLE_LENGTH and not is_salutation(line) and not is_row(line)
    return whole and not line.endswith(_OPEN_ENDS)


def _is_apparatus(lines: Sequence[str], at: int) -> bool:
    """Check whether a line of the head is no title: byline, date, note, number, signature, letterhead."""
    line = lines[at]
    if is_byline(line) or _is_dated(line) or is_note(line) or is_document_number(line) or officer_name(line):
        return True
    if line[0] in _DASHES or _is_formal(line) or _LETTERHEAD.fullmatch(line):
        return True
    return bool(_ORGANIZATION.fullmatch(line)) and at + 1 < len(lines) and is_document_number(lines[at + 1])


def _end(lines: Sequence[str], at: int) -> int:
    """Return the end of a title that begins at line ``at``: behind the line that names a kind of document."""
    first = strip_marks(lines[at])
    issued = bool(_ORGANIZATION.fullmatch(first))
    if _is_whole(first) and not issued:
        return at + 1
    for end in range(at + 2, min(at + _TITLE_LINES, len(lines)) + 1):
        if not _goes_on(lines[end - 1]):
            break
        if _is_whole(whole := join_title(lines[at:end])):
            return end if _ABOUT.search(whole) or (issued and end == at + _ISSUED_LINES) else at + 1
    return at + 1


def _is_whole(line: str) -> bool:
    """Check whether a title ends with a kind of document (通知); of a title that sends one, with its own."""
    kind = _SENT if _SENDS.search(line) else _DOCUMENT
    return any(found.end() == len(line) for found in kind.finditer(line))


def _goes_on(line: str) -> bool:
    if not 0 < len(line) <= _LINE_LENGTH or line[0] in _DASHES or line[0] in "#>" or ends_sentence(line):
        return False
    own = is_byline(line) or _is_dated(line) or is_note(line) or is_document_number(line)
    return (
        not own
        and not is_numbered(line)
        and not is_salutation(line)
        and not is_row(line)
        and line[-1] not in _OPEN_ENDS
    )
