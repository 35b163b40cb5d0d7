"""Tell a place apart from the beginning of a longer name: an event, an award, a document of nations.

中国国际进口博览会, 杭州第十九届亚运会 and 巴黎协定 are no places. Another kind of them is a word in `BEHIND`.
"""

import re

from etl.extraction.context import Context, Span

# What no name of an event holds: 在, 举行, 参加.
_NAME = "[^的在了和与及向由从将于被为是有上中下时赴举办参加去来到、，。；：！？“”《》\\s]"
EVENT = (
    "大会|大赛|博览会|论坛|运动会|亚运会|奥运会|冬奥会|残奥会|锦标赛|联赛|邀请赛|公开赛|马拉松|登山赛|艺术节|电影节|文化节|音乐节|旅游节"
    "|洽谈会|交易会|展览会|展销会|世博会|进博会|友好年|文化年|旅游年|驰名商标|著名商标"
)
BEHIND = re.compile(
    f"(?:{_NAME}{{0,10}}?(?P<event>{EVENT})|{_NAME}{{0,3}}(?P<document>宣言|公约|议定书|协定|条约|公报))(?![现堂场])"
)
# Of one character the tagger takes parts of names for verbs, too: 上海世|博|会.
VERB, MIN_VERB_LENGTH = "v", 2


def begins_title(context: Context, span: Span) -> bool:
    """Check whether a place only begins the name of an event, an award or a document of nations.

    A verb between them says that it does something there: 广东省|召开|人民代表大会, 俄罗斯|废止|该条约.
    Right before an event it may belong to the name: 上海全球投资|促进|大会.
    """
    match = BEHIND.match(context.folded, span[1])
    if not match:
        return False
    last = max(match.start("event") - 1, match.start("document"))
    verbs = (context.words[i] for i in context.tagged(VERB))
    return not any(
        span[1] <= start and end <= last and end - start >= MIN_VERB_LENGTH for start, end, _ in verbs
    )
