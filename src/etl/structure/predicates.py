"""Recognize a line's kind by its characters alone: pure predicates of one stripped line, in either script.

Repair asks them where nothing may be joined, `label` what kind a paragraph is of. A new predicate is one
function here, exported in ``__init__``, and a table in tests/cases/structure.
"""

from collections.abc import Callable
from functools import lru_cache, wraps

from etl.structure.dates import line_date
from etl.text.bylines import is_byline
from etl.text.expressions import compiled
from etl.text.marks import CLOSERS, SENTENCE_END
from etl.text.numbering import ARTICLE, NUMBERED
from etl.text.numerals import UP_TO_HUNDREDS, UP_TO_TENS, ZERO_SIGNS
from etl.text.surnames import begins_with_surname

_SALUTATION = compiled(
    r"^(?:尊敬的|敬爱的|敬愛的|亲爱的|親愛的|各位|同志们|同志們|女士们|女士們|先生们|先生們|朋友们|朋友們|主席先生|全[县縣市省区區体體])"
    r"[^。！？；;]{0,40}[:：!！]$"
    r"|^[\u4e00-\u9fff、，,]{0,16}(?:代表|委员|委員|同志|同事|来宾|來賓|朋友|乡亲|鄉親|同学|同學|老师|老師|市民|村民|居民|家长|家長)(?:们|們)"
    r"[\u4e00-\u9fff]{0,6}(?:[、，, 　][\u4e00-\u9fff]{0,9}){0,4}[:：!！]$"  # thanks to them run longer
    r"|^(?:[\u4e00-\u9fff]{1,8}[、，,]){1,4}各位[\u4e00-\u9fff]{1,10}[:：]$"
    r"|^(?:尊敬的|敬爱的|敬愛的|亲爱的|親愛的|各位)[^。！？；;]{1,30}[,，]$"
)
# Whom an official letter goes to: organizations and places, one of them 各乡镇人民政府 or 国务院各部委.
_PLACE = r"(?:[省市州县縣区區旗盟乡鄉镇鎮街地团團师師]|街道|自治[区區州县縣旗]|直[辖轄]市|地[区區])"
_OFFICE = (
    r"(?:[府部委局厅廳院会會办辦室处處署组組社所司校]|部[门門]|[单單]位|机[构構]|機構|企[业業]|公司|中心|[大中小][学學]"
    r"|[团團][体體]|大[队隊])"
)
_EVERY = (
    r"(?:[\u4e00-\u9fff]{0,8}[院央县縣市省区區州委府部直级級关關局厅廳盟旗署])?"
    rf"各[\u4e00-\u9fff（）()]{{0,16}}(?:{_OFFICE}|{_PLACE})"
)
_ONE = rf"[\u4e00-\u5403\u5405-\u9fff（）()]{{1,20}}{_OFFICE}"  # 各 left out
_ADDRESSED = compiled(
    rf"(?:(?:{_EVERY}|[\u4e00-\u9fff]{{0,12}}{_PLACE}|{_ONE})[、，, 　]{{1,2}}){{0,12}}"
    rf"(?:{_EVERY}|{_ONE})[:：]"
)
_CALLS = frozenset(":：!！,，")
_CAPTION = compiled(
    rf"^(?:[图圖表][ 　]*[0-9０-９{UP_TO_TENS}]{{1,3}}(?:[-–.．][0-9]{{1,3}})?(?:[\s　:：.．、]|$)"
    r"|[图圖]为|[图圖]為|上[图圖]|下[图圖]|左[图圖]|右[图圖]|[▲△▼▽]|资料[图圖]|資料圖|题[图圖]|題圖"
    r"|[（(]?(?:资料|資料)?[图圖]片?(?:来源|來源|说明|說明)?\s*[:：])"
)
_PHOTO = compiled(r"(?:[摄攝]影?|供[图圖]|[制製][图圖]|[图圖]片)[）)]?$")
_PHOTO_ENDS = frozenset("摄攝影图圖片）)")
_FOOTNOTE = compiled(
    rf"^(?:\[[0-9]{{1,3}}\]|〔[0-9{UP_TO_TENS}]{{1,3}}〕|［[0-9]{{1,3}}］"
    rf"|注\s*[0-9{UP_TO_TENS}①-⑳]{{0,2}}\s*[:：]|註\s*[0-9]{{0,2}}\s*[:：]"
    r"|注释\s*[:：]?|註釋\s*[:：]?|[*＊※]\s*(?:注|註|本文))"
)
_CONTINUATION = compiled(
    r"[（(\[【〔▲△▼→◀▶]{0,3}\s*(?:下转|下轉|下接|上接|转|轉|接|紧接|緊接)\s*(?:第|A|B|C)?\s*"
    rf"[0-9０-９{UP_TO_TENS}]{{1,3}}\s*(?:版|页|頁)[^。]{{0,8}}[）)\]】〕▶→]{{0,3}}"
)
_NOTE = compiled(
    r"^[（(【\[]?\s*(?:(?:责任|責任|本版|本期|值班|执行|執行|美术|美術|文字|视觉|視覺)?(?:[编編][辑輯審审]?|校[对對]|美[编編]|[审審][核校稿读讀]|监制|監製|[统統][筹籌])\s*[:：/／]"
    r"|(?:来源|來源|文章来源|信息来源|资料来源|資料來源|原载|原載|转自|轉自|转载自|轉載自|选自|選自|摘自)\s*[:：]?"
    r"|[编編]者按|按[语語]\s*[:：]|本文[系係]|(?:全文|本文)?完[）)]$"
    rf"|附[件录錄]?\s*[0-9{UP_TO_TENS}]{{0,2}}\s*[:：])"
)
_SPEAKER = compiled(
    r"^(?:问|問|答|[记記]者|主持人|采访者|採訪者|编辑|編輯|[\u4e00-\u9fff·]{1,8}(?:[（(][^）)]{1,20}[）)])?)\s*[:：]\s*[^\s0-9:：]"
)
_TURN = compiled(r"^(?:[问問答QA]|[记記]者|主持人|采访者|採訪者)\s*[:：]")
_SAYING = compiled(r"(?:[说說道示出调調为為问問是有下]|如下|强调|強調)\s*[:：]")
_LEADER = compiled(r"(?:[.．…·⋯]{3,}|[ 　]{2,}|\t|-{3,}|_{3,})[\s　]*[（(]?[0-9０-９ivxIVX]{1,4}[）)]?$")
_DOTTED = compiled(r"[^.．…。，]{1,40}(?:[.．]{6,}|…{4,})[^.．…。，]{1,20}")  # 渡口三章（诗）........白水
_LEADS_TO = frozenset("0123456789０１２３４５６７８９ivxIVX)）")
_DOCUMENT_NUMBER = compiled(
    r"[\u4e00-\u9fff（）()A-Za-z0-9０-９]{0,18}"
    rf"(?:字第\s*[0-9０-９A-Z{ZERO_SIGNS}{UP_TO_TENS}-]{{1,14}}\s*[号號]"
    r"|[〔\[［（(【﹝]\s*(?:19|20)?[0-9]{2}\s*[〕\]］）)】﹞]\s*(?:第\s*)?[0-9]{1,5}\s*[号號])"
    rf"|第\s*[0-9{ZERO_SIGNS}{UP_TO_HUNDREDS}]{{1,5}}\s*[号號]"
    r"|[（(〔]\s*(?:19|20)[0-9]{2}\s*[）)〕][\u4e00-\u9fff]{1,3}[0-9]{0,4}[\u4e00-\u9fff]{1,4}[0-9]{1,6}[号號]"
    rf"(?:之[0-9{UP_TO_TENS}]+)?"
)
_CITED = compiled(r"(?<=[。！？!?…”」』])(?:\\?\[[^\[\]\s]{1,6}\]|[（(][\u4e00-\u9fff]{1,6}[）)]){1,3}$")
_CITES = frozenset("]）)\n")
_MEMBER = compiled(
    r"(?:(?:副|代理|署理)?主席|召集人|主持人)?(?P<name>[\u4e00-\u9fff]{2,4})"
    r"(?:[议議][员員]|委[员員]|代表|先生|女士|博士|教授|同志|律[师師])(?:[，,]?[ 　]*[A-Z][A-Za-z., ]{1,30})?"
)
_CELLS = compiled(r"\t|[ 　]{2,}|\|")
_SHORT_CELLS = compiled(r"^[\u3400-\u9fff]\S{1,5}(?:[ 　]\S{1,6}){2,}$")
_FIGURE, _INNER = compiled("[0-9]"), compiled("[，。；：、？！,;:?!]")
_LETTER = compiled(r"[A-Za-z\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_CLOSED_REMARK = compiled(
    r"[（(][^（）()]{0,40}(?:[记記]者|通[讯訊][员員]|[摄攝]影?|完|[图圖]|供稿|整理|作者|作[係系]者|版|[页頁]|单位|單位)[^（）()]{0,40}[）)]$"
)
_OPEN_END = frozenset("，,、；;：:")
# Characters of a heading without a number, and with one; longer ones end a sentence. Set by hand (0035).
_HEADING_LENGTH, _NUMBERED_HEADING_LENGTH = 30, 45
_CAPTION_LENGTH = 120  # a caption says in a sentence or two what a picture shows
_TURN_LENGTH = 32  # a speaker and the first word lie within this many characters
_ADDRESS_LENGTH = 120  # of all offices that a letter goes to
_FIGURED_CELLS = 6  # cells of a row that single spaces part
_REMEMBERED_LENGTH, _REMEMBERED_LINES = 60, 4096  # asked of again and again; longer lines come once
_LEADER_LENGTH = 80  # the end of a line in which a leader to a page number is looked for


def _remembered(ask: Callable[[str], bool]) -> Callable[[str], bool]:
    """Cache the answers of a predicate for short lines, since several stages ask it of the same lines."""
    known = lru_cache(_REMEMBERED_LINES)(ask)

    @wraps(ask)
    def answer(line: str) -> bool:
        return known(line) if len(line) <= _REMEMBERED_LENGTH else ask(line)

    return answer


def ends_sentence(line: str) -> bool:
    """Check whether the last mark of the line closes a sentence, also inside closing quotes and brackets.

    A half-width full stop counts after a letter or character, not after a digit (3.).
    """
    if not line:
        return False
    if line[-1] in _CITES:
        line = _CITED.sub("", line) or line
    last = line[-1]
    if last in SENTENCE_END:
        return True
    if last not in CLOSERS:
        return last == "." and len(line) > 1 and bool(_LETTER.match(line[-2]))
    inner = line.rstrip(CLOSERS)
    if inner and (inner[-1] in SENTENCE_END or (inner[-1] == "." and not inner[-2:-1].isdigit())):
        return True
    return last in ")）" and bool(_CLOSED_REMARK.search(line))


def is_numbered(line: str) -> bool:
    """Check whether the line begins with a number of its own: 一、 （三） 1. 第二章 ① or a bullet."""
    return bool(NUMBERED.match(line))


def is_article(line: str) -> bool:
    """Check whether the line begins an article or chapter of a law: 第三条 with a space after it."""
    return bool(ARTICLE.match(line))


@_remembered
def is_heading(line: str) -> bool:
    """Check whether the line could head a section: short, no end of a sentence; commas are allowed.

    Also true of a title; false of a line that another predicate recognizes, such as a note or a row.
    """
    if len(line) > _NUMBERED_HEADING_LENGTH or not _LETTER.search(line):
        return False
    if len(line) > _HEADING_LENGTH and not is_numbered(line):
        return False
    if line[-1] in _OPEN_END or "。" in line or _TURN.match(line):
        return False
    if ends_sentence(line) and not (line[-1] in "?？!！" and len(line) <= _HEADING_LENGTH):
        return False
    return not _has_own_kind(line)


@_remembered
def is_dateline(line: str) -> bool:
    """Check whether the line is a date and nothing else, a label, weekday, time or source aside."""
    return line_date(line) is not None


def is_salutation(line: str) -> bool:
    """Check whether the line addresses an audience: 各位代表, 同志们 or 各乡镇人民政府, then a colon."""
    if line[-1:] not in _CALLS:
        return False
    addressed = len(line) <= _ADDRESS_LENGTH and "各" in line and _ADDRESSED.fullmatch(line)
    return bool(addressed or _SALUTATION.match(line))


def is_caption(line: str) -> bool:
    """Check whether the line describes or credits a picture or table beside it: 图1 …, 图为…, … 摄."""
    if len(line) > _CAPTION_LENGTH:
        return False
    if _CAPTION.match(line):
        return True
    if line[-1:] not in _PHOTO_ENDS or not _PHOTO.search(line):
        return False
    return not is_byline(line) and ("。" in line or " " in line or "　" in line)


def is_footnote(line: str) -> bool:
    """Check whether the line is a note under the text: [1] or 注 and a colon."""
    return bool(_FOOTNOTE.match(line))


def is_document_number(line: str) -> bool:
    """Check whether the line is the number of an official document: 国发〔2020〕1号, 台內字第0970000000號."""
    return len(line) <= _NUMBERED_HEADING_LENGTH and bool(_DOCUMENT_NUMBER.fullmatch(line))


def is_continuation(line: str) -> bool:
    """Check whether the whole line says where a text goes on or comes from: （下转第3版）, 上接第1版."""
    return len(line) <= _HEADING_LENGTH and bool(_CONTINUATION.fullmatch(line))


def is_member(line: str) -> bool:
    """Check whether the whole line is one person of a list: 李小明議員，J.P., 王建国同志."""
    found = _MEMBER.fullmatch(line) if len(line) <= _NUMBERED_HEADING_LENGTH else None
    return found is not None and begins_with_surname(found["name"])


def is_note(line: str) -> bool:
    """Check whether the line is a remark about the text: 责任编辑：…, 来源：…, （完）, 上接第1版."""
    return bool(_NOTE.match(line)) or is_continuation(line)


def is_speaker(line: str) -> bool:
    """Check whether the line opens a turn in an interview: 记者, 问 or a name, then a colon."""
    if _TURN.match(line):
        return True
    found = _SPEAKER.match(line[:_TURN_LENGTH])
    if not found or _SAYING.search(found[0]):
        return False
    return not is_footnote(line) and not is_note(line)


def is_row(line: str) -> bool:
    """Check whether the line is a row of a table or a contents page: cells, figures, a leader to a page."""
    if is_contents_row(line) or (line[-1:] in _LEADS_TO and _LEADER.search(line[-_LEADER_LENGTH:])):
        return True
    if ("  " in line or "　" in line or "\t" in line or "|" in line) and len(_CELLS.findall(line)) > 1:
        return True
    if line.count(" ") >= _FIGURED_CELLS - 1 and _is_figured(line):
        return True
    return bool(_SHORT_CELLS.match(line)) and not ends_sentence(line) and not is_numbered(line)


def is_contents_row(line: str) -> bool:
    """Check whether dots lead from a title to a page or a name: 目录........5, 渡口三章（诗）........白水."""
    return ("...." in line or "……" in line) and bool(_DOTTED.fullmatch(line))


def _is_figured(line: str) -> bool:
    """Check whether the line has cells, most of them with figures, and no mark of a sentence."""
    cells = line.split()
    figured = sum(_FIGURE.search(cell) is not None for cell in cells)
    return len(cells) >= _FIGURED_CELLS and 2 * figured > len(cells) and not _INNER.search(line)


@_remembered
def stands_alone(line: str) -> bool:
    """Check whether the line is of a kind that is always whole: it neither continues a line nor goes on."""
    if is_footnote(line) or is_note(line) or is_salutation(line) or is_row(line) or is_document_number(line):
        return True
    return is_caption(line) or is_dateline(line) or is_byline(line)


def _has_own_kind(line: str) -> bool:
    return is_continuation(line) or stands_alone(line)
