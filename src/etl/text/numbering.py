"""Match the numbers and marks that headings, articles and items of lists begin with.

This is the only table of them. Each pattern answers one question; a new kind of number is an alternative in
each pattern that must know it.
"""

from etl.text.expressions import compiled
from etl.text.numerals import UP_TO_HUNDREDS, UP_TO_TENS, ZERO_SIGNS

# Signs of a number that counts chapters, articles and items.
COUNT_SIGNS = f"{UP_TO_HUNDREDS}千{ZERO_SIGNS}两兩0-9０-９"
_COUNT = f"[{COUNT_SIGNS}]"
BLANK = " \u3000"
# What items of lists begin with in print, and in Markdown; dashes do so only where a blank follows.
BULLETS = "•·●○◎■□▪◆◇▶►➢✓√★☆※"
DASHES = "–—-"
MARKDOWN_BULLETS = "*+-"
# Those by which the trees of repair were trained; they change only with them.
SERIES_BULLETS = "•·●■◆□○◎▲★※*-"

# A line that begins with a number of its own, or a bullet.
NUMBERED = compiled(
    rf"第{_COUNT}{{1,6}}(?:[章节節条條编編款部篇回讲講]|部分)(?:之{_COUNT})?(?=[\s　:：、]|$|[^\s，。])"
    rf"|[{UP_TO_TENS}]{{1,3}}(?:[、.．]|[ 　]+(?=\S))"
    rf"|[（(]{_COUNT}{{1,3}}[）)]"
    r"|[0-9０-９]{1,3}(?:[、．)）]|\.(?![0-9])|(?:\.[0-9]{1,2}){1,3}(?=[\s　])|[ 　]+(?=[\u4e00-\u9fff]))"
    r"|[①-⑳㈠-㈩⑴-⒇❶-❿Ⅰ-Ⅻ]"
    r"|[A-Za-z](?:[、．]|\.\s|[)）])"
    rf"|其[{UP_TO_TENS}](?=[,，、:：])"
    r"|[甲乙丙丁戊己庚辛][、．]"
    rf"|[{BULLETS}{DASHES}]\s+\S"
)
# A line that begins an article or chapter of a law.
ARTICLE = compiled(rf"第{_COUNT}{{1,6}}[条條章节節编編](?=[\s　])")

# What a series of paragraphs is numbered with; the group that matched tells series apart.
SERIES = compiled(
    rf"(?P<hans>[{UP_TO_HUNDREDS}]{{1,4}}、)|(?P<paren>（[{UP_TO_HUNDREDS}]{{1,4}}）)"
    r"|(?P<arabic>\d{1,2}[.、．](?!\d))|(?P<small>（\d{1,2}）)"
    rf"|(?P<article>第[{UP_TO_HUNDREDS}千零〇\d]{{1,6}}[章节条编部款])"
    rf"|(?P<circle>[①-⑳])|(?P<dash>—{{2}}|――|──)|(?P<bullet>[{SERIES_BULLETS}])"
)
SERIES_KINDS = {
    name: number
    for number, name in enumerate(
        ("hans", "paren", "arabic", "small", "article", "circle", "dash", "bullet"), 1
    )
}

# Numbers of articles, headings and items behind which a space stands on purpose.
BEFORE_SPACE = compiled(
    f"第[{COUNT_SIGNS}]+(?:[编編章节節条條款项項目回部卷篇届屆次期讲講课課集幕场場號号类類组組]|部分)"
    f"(?:之[{COUNT_SIGNS}]+)?(?=[{BLANK}])"
    f"|(?:^|(?<=[{BLANK}\n。；：，、（(《“「]))"
    f"(?:[{UP_TO_HUNDREDS}]+|[甲乙丙丁戊己庚辛壬癸子丑寅卯]|附[件录錄表則则][{COUNT_SIGNS}]*)(?=[{BLANK}])"
)
