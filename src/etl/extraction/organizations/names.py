"""Decide what is the name of an organization: its start and end within a span, and whether to accept it.

A new step that corrects the ends of a name is a function of a span; a new reason to doubt one goes into
`accept`. The words are in ``config/lexicon/organizations.toml``.
"""

from collections.abc import Iterator

from etl.extraction.context import Context, Span
from etl.extraction.organizations.government_bodies import ARMY, TEAM
from etl.text.expressions import compiled

# Characters; what is longer is several names or a sentence.
MAX_NAME_LENGTH = 40
SECRETARIES = ("书记", "副书记", "第一书记")
PARTY_CELLS = ("党支部", "党总支", "党委", "党组", "支部")
# Between two organizations that each have a whole name of their own.
JOINTS = compiled("以及|[和与及以、]")
PARTY_GROUP = "党组"
# 中央党校和: what the tagger glues to the end of an organization.
GLUED_LINKS = ("和", "与", "及", "联合", "函")
# In a name of two characters these show that it is none: 从严, 美的.
PARTICLES = frozenset("从的在是了不一")
# 新建社区图书馆 counts libraries and names none.
NO_NAME_BEGINNINGS = ("国大使馆", "多国", "各国", "新建", "续建", "改建", "扩建", "筹建", "建成", "建立")
# A bracket that ends and did not begin, or the other way round: 集团）公司.
UNMATCHED = compiled("\\A[^（(]*[）)]|[（(][^）)]*\\Z")
# Before a kind of organization, which ones are meant, and no name: 乡镇|人民政府, 同级|人民检察院.
LEVEL = compiled("(?:[同上下各本省市县区乡镇]级|县级以上|乡镇|县市|乡|镇|街道|社区|公办|民办|地方)")
# A name that ends so is a place, whatever the tagger calls it.
PLACE_ENDS = ("村", "镇", "乡", "县", "市", "省", "街道")
# 美国宇航局有合作关系, 环境保护署台（八六）字: an organization ends where such a word stands behind it.
GOES_ON_BEHIND = compiled(
    "(?<=[局部厅委院会社府])(?:有|是|将|已|被|曾|同|与)|(?<=[局部委院会府署])台$|(?<=..)[一二三四五六七八九十两几多]{1,9}家(?=.*公司)"
)
# What a foundation or association in Taiwan is, before its name.
LEGAL_PERSON, LEGAL_FORMS = "法人", ("财团法人", "社团法人")
# 中标|绛县水利局: what the tagger takes for the beginning of a name.
TENDER = compiled("中标|中选|竞得|承建")
# Characters that end the names of organizations of many kinds.
ORGANIZATION_ENDS = frozenset("部厅局委院会党军队社团校所台署织心协办盟馆厂店站行处系")
MINISTRY = compiled("[^东南西北中内外上下全]部$")
# Characters of the words before a known name that lead to it and are no part of it: 全国各级|民政部.
MAX_LEAD_LENGTH = 8
# Characters of a known state before its ministry, and of a known place before a common word.
MAX_STATE_LENGTH, MAX_PLACE_LENGTH = 7, 4
# Characters of an office that its last one makes sure: 水渠管理处.
MIN_OFFICE_LENGTH = 5
# Least probability of a name that no list and no suffix confirms (docs/decisions/0043), and of one that is a
# known place and a common word.
MIN_PROBABILITY = 0.42
MIN_PROBABILITY_BEFORE_COMMON_WORD = 0.8

# What is named behind a council or a ministry of Taiwan as a part of it.
CHILDREN = (
    (
        compiled("行政院|司法院|考试院|监察院"),
        compiled("[㐀-鿿]{2,8}?(?:委员会(?:[㐀-鿿]{2,4}局)?|保护署|卫生署|新闻局|主计处|总处)"),
    ),
    (
        compiled(r"[内财经交教法国卫]\w{1,3}部"),
        compiled("(?!责成|督|函|请|会同|转)[㐀-鿿]{2,9}?(?:署|局)(?![长部])"),
    ),
)


def is_name(context: Context, span: Span) -> bool:
    """Check whether a span names one organization rather than a kind of organization."""
    name = context.folded[slice(*span)]
    if not 1 < len(name) <= MAX_NAME_LENGTH:
        return False
    words = context.lexicon.organizations
    level = LEVEL.match(name)
    return not (
        name in words.generic
        or (level and name[level.end() :] in words.generic)
        or name.startswith(NO_NAME_BEGINNINGS)
        or name.endswith(PLACE_ENDS)
        or context.lexicon.places.country_characters.issuperset(name)
        or UNMATCHED.search(name)
        or ((army := ARMY.fullmatch(name)) and army[1])
    )


def split_joint(context: Context, span: Span) -> Iterator[Span]:
    """Split 教育厅和财政厅 into two organizations; a link within a name (文化和旅游局) splits nothing."""
    endings = context.lexicon.organizations.endings
    start = span[0]
    if cut := _two_known(context, span):
        yield (start, start + cut)
        start += cut
    for joint in JOINTS.finditer(context.folded, span[0] + 2, span[1] - 2):
        left = context.folded[start : joint.start()]
        ends = endings.end(left) or left in context.lexicon.organizations.known
        place = left.endswith(PLACE_ENDS) and joint[0] == "以"
        if (ends or place) and endings.end(context.folded, joint.end(), span[1]):
            if ends:
                yield (start, joint.start())
            start = joint.end()
    yield (start, span[1])


def _two_known(context: Context, span: Span) -> int:
    """Return the length of the first of two known names in a row that end alike (民政部|财政部); 0 for one.

    Of names that end otherwise the second is a part of the first: 行政院人事行政局.
    """
    name, known = context.folded[slice(*span)], context.lexicon.organizations.known
    if name in known:
        return 0
    alike = (i for i in range(2, len(name) - 1) if name[i - 1] == name[-1])
    return next((i for i in alike if name[:i] in known and name[i:] in known), 0)


def child_length(context: Context, start: int, length: int) -> int:
    """Return the length of a body named behind the council or ministry above it: 行政院|劳工委员会."""
    name = context.folded[start : start + length]
    children = next((pattern for above, pattern in CHILDREN if above.fullmatch(name)), None)
    child = children.match(context.folded, start + length) if children else None
    return len(child[0]) if child else 0


def with_legal_form(context: Context, span: Span) -> Span:
    """Return a name with the whole legal form before it: 财团法人|文化基金会, 财团|法人教育基金会."""
    start, folded = span[0], context.folded
    begun = start - len(LEGAL_PERSON) * (not folded.startswith(LEGAL_PERSON, start))
    whole = folded.startswith(LEGAL_FORMS, max(0, begun - 2)) and begun >= 2  # noqa: PLR2004
    return (begun - 2, span[1]) if whole else span


def _behind_person(context: Context, start: int) -> int:
    """Return where a name begins behind who becomes its head: 李欣为|县水利局局长."""
    end = context.people_read.get(start, 0)
    return end + 1 if end and context.folded.startswith("为", end) else start


def trim(context: Context, span: Span) -> Span:
    """Trim words that lead to a name (新时代, 原), its governing party group, and a clause behind it."""
    words = context.lexicon.organizations
    start, end = span
    if not context.text[start].isalnum():
        start += 1
    start = _behind_person(context, start)
    if not words.endings.end(context.folded, start, end) and (
        verb := GOES_ON_BEHIND.search(context.folded, start + 2, end)
    ):
        end = verb.start()
    if won := TENDER.match(context.folded, start, end - 2):
        start = won.end()
    start += _lead_length(context, (start, end))
    if (
        context.folded[start] == "国"
        and context.folded[max(0, start - 1) : start + 1] in context.lexicon.places.known
    ):
        # 中|国航空公司
        start -= 1
    name = context.folded[start:end]
    if name.endswith(PARTY_GROUP) and words.endings.end(name[: -len(PARTY_GROUP)]):
        end -= len(PARTY_GROUP)
    tied = next((len(tie) for tie in GLUED_LINKS if name.endswith(tie)), 0)
    if tied and (name[:-tied] in words.known or words.endings.end(name[:-tied])):
        end -= tied
    return (start, end)


def _lead_length(context: Context, span: Span) -> int:
    """Return the length of the words that lead to a known name: 新时代新征程|中国共产党."""
    words = context.lexicon.organizations
    name = context.folded[slice(*span)]
    for length in range(min(MAX_LEAD_LENGTH, len(name) - 1), 0, -1):
        rest = name[:length]
        if name[length:] in words.known:
            while head := next((n for n in range(len(rest), 0, -1) if rest[:n] in words.leads), 0):
                rest = rest[head:]
            if not rest:
                return length
    return 0


def accept(context: Context, span: Span) -> bool:
    """Check whether the tagger is sure enough of a name that no list and no suffix confirms."""
    name = context.folded[slice(*span)]
    words = context.lexicon.organizations
    confirmed = name in words.known or words.endings.end(name) or TEAM.search(name)
    if (
        confirmed
        or _of_state(context, name)
        or (len(name) >= MIN_OFFICE_LENGTH and name[-1] in words.department_ends)
        or _has_representative(context, span)
    ):
        return True
    ours = name[0] == "国" and context.folded[max(0, span[0] - 1) : span[0]] == "我"
    particles = len(name) == 2 and not PARTICLES.isdisjoint(name)  # noqa: PLR2004
    if ours or particles or name in context.lexicon.places.known:
        return False
    if (
        _place_before_common_word(context, span)
        and context.probability("ORG", *span) < MIN_PROBABILITY_BEFORE_COMMON_WORD
    ):
        return False
    return not context.probabilities or context.probability("ORG", *span) >= MIN_PROBABILITY


def _has_representative(context: Context, span: Span) -> bool:
    """Check for a name behind which the word goes on with the office of a person: 江州永兴|总代理|刘青."""
    word = context.word_around(span[1])
    if not word or word.tag != "ORG" or word.end not in context.starts:
        return False
    office = context.folded[span[1] : word.end] in context.lexicon.people.roles
    return office and context.words[context.starts[word.end]].tag == "PER"


def _of_state(context: Context, name: str) -> bool:
    """Check for a state before a ministry or a known name: 美国财政部, 俄国防部."""
    letters = context.lexicon.places.abbreviations
    return any(
        (name[:length] in context.lexicon.places.known or (length == 1 and name[0] in letters))
        and (name[length:] in context.lexicon.organizations.known or MINISTRY.search(name))
        for length in range(1, min(MAX_STATE_LENGTH + 1, len(name)))
    )


def _place_before_common_word(context: Context, span: Span) -> bool:
    """Check for a known place before a word that ends no name: 上海旅游, 北京科技."""
    name = context.folded[slice(*span)]
    return any(
        name[:length] in context.lexicon.places.known and name[-1] not in ORGANIZATION_ENDS
        for length in range(2, min(MAX_PLACE_LENGTH + 1, len(name)))
    )


def strip_party_cell(context: Context, span: Span) -> Span:
    """Strip the party's cell, which belongs to the title of its secretary: 石桥村|党支部书记."""
    if context.folded.startswith(SECRETARIES, span[1]):
        for cell in PARTY_CELLS:
            if context.folded.endswith(cell, *span):
                return (span[0], span[1] - len(cell))
    return span
