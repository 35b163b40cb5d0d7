"""Write the PDF among the samples: a bulletin in two columns over three pages, with heads, table and note.

usage: sample_pdf.py [FILE]

The text is invented. `SAMPLE` is what a reader would call it; a test compares.
"""

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from write_pdf import Page, pdf, wrapped

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "samples" / "14-two-columns.pdf"
TITLE = "青河县水利建设简报"
HEADING = "渠道修复进展"
NOTE = "①灌溉面积以2023年春季普查为准，不含试验田。"
CAPTION = "表1 各乡镇完工渠道"
TABLE = (
    ("乡镇", "渠道/条", "长度/千米"),
    ("柳树镇", "12", "18.6"),
    ("石桥镇", "9", "11.2"),
    ("上坪乡", "7", "8.4"),
)
PARAGRAPHS = (
    (
        "2023年入春以来，青河县把修复老旧渠道作为春灌的头等大事。县水利局组织四个工作组，分赴柳树镇、石桥镇和上坪乡，逐条"
        "查看淤塞、渗漏和垮塌的渠段，把每一处险工记在图上，当场商定由谁来修、几时修好。截至3月底，全县共登记待修渠道46条，"
        "总长61.3千米，涉及灌溉面积①5.8万亩。"
    ),
    (
        "柳树镇的南干渠建于1974年，渠底高低不平，下游三个村常年用不上水。今年2月，镇里请来技术员重新测量，决定把渠底"
        "降低40厘米，并在两处弯道加砌护坡。村民白天清淤，夜里轮流看护材料，只用了26天就把3.2千米的渠道修通。放水那天，下游"
        "杨家湾的老人沿着渠堤走了一里多路，说这水有十年没有见过了。"
    ),
    (
        "资金来自三个方面：省级补助420万元，县财政配套180万元，其余由各村筹集。县审计局对每一笔支出逐项核对，结果张贴在"
        "村务公开栏里，随时接受群众询问。"
    ),
    (
        "石桥镇的做法有所不同。那里渠道多而短，分散在山坡上，大型机械开不进去。镇政府把任务分到23个村民小组，由懂砌石的"
        "匠人带队，一组负责一段，修完一段验收一段。镇水利站站长许国平每天走十几里山路，检查砂浆的配比和石缝的深浅，不合格的"
        "地方当即返工。到4月10日，全镇9条渠道全部完工，没有一处返修两次。"
    ),
    (
        "修渠也带动了用水办法的改变。过去上游多占、下游无水，吵架的事年年都有；现在各村推选放水员，按田亩和作物排定次序，"
        "什么时候开闸、开多大，都写在本子上。上坪乡还在三座闸口装上了水位尺，村民在手机上就能看到当天的水情。"
    ),
    (
        "县水利局负责人表示，下一步将把修复范围扩大到北部的四个村，力争在明年汛期以前完成全部工程，让5.8万亩农田都能按时"
        "浇上水。"
    ),
)
SAMPLE = (TITLE, PARAGRAPHS[0], HEADING, *PARAGRAPHS[1:])
SIZE, STEP, EMS, LEFTS, TOP = 10.0, 15.5, 15, (38.0, 212.0), 66.0
WIDTH, HEIGHT = 400.0, 330.0
Line = tuple[float, float, float, str]


def _flow() -> Iterator[tuple[float, float, str]]:
    """Indent, size and text of each line of the text."""
    for k, paragraph in enumerate(PARAGRAPHS):
        if k == 1:
            yield 0, 11.5, HEADING
        for indent, text in wrapped(paragraph, EMS):
            yield indent * SIZE, SIZE, text


def _page(number: int, flow: Iterator[tuple[float, float, str]]) -> Page:
    lines: list[Line] = [_head(number), (WIDTH / 2 - 12, HEIGHT - 22, 9, f"— {number + 20} —")]
    rules = [(38.0, 46.0, WIDTH - 38, 46.0)]
    tops = [TOP, TOP]
    if number == 1:
        lines.append((WIDTH / 2 - 4.5 * 16, 76, 16, TITLE))
        tops = [104.0, 104.0]
    if number == 2:
        lines += _table(rules)
        tops = [150.0, 150.0]
    bottoms = [HEIGHT - 48, HEIGHT - 48]
    if number == 1:
        bottoms[0] -= 34
        rules.append((38, bottoms[0] + 6, 88, bottoms[0] + 6))
        lines += [
            (38, bottoms[0] + 18 + 11 * k, 7.5, text) for k, (_, text) in enumerate(wrapped(NOTE, 20, 0))
        ]
    for left, top, bottom in zip(LEFTS, tops, bottoms, strict=True):
        y = top
        while y <= bottom and (line := next(flow, None)) is not None:
            lines.append((left + line[0], y, line[1], line[2]))
            y += STEP
    return Page(WIDTH, HEIGHT, lines, rules)


def _head(number: int) -> Line:
    return (38, 40, 9, "青河水利  2023年第4期") if number % 2 else (WIDTH - 38 - 72, 40, 9, "渠道修复专辑")


def _table(rules: list[tuple[float, float, float, float]]) -> Iterator[Line]:
    """The table over both columns; its rules are added."""
    yield (WIDTH / 2 - 40, 64, 9, CAPTION)
    for k, row in enumerate(TABLE):
        rules.append((38, 70 + 15 * k, WIDTH - 38, 70 + 15 * k))
        for x, cell in zip((50, 170, 290), row, strict=True):
            yield (x, 81 + 15 * k, 9, cell)
    rules.append((38, 130, WIDTH - 38, 130))
    rules += [(x, 70, x, 130) for x in (38, 155, 275, WIDTH - 38)]


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    flow = _flow()
    pages = [_page(number, flow) for number in (1, 2, 3)]
    left = list(chain(flow))
    if left:
        raise SystemExit(f"{len(left)} lines do not fit")
    target.write_bytes(pdf(pages))
    print(f"{target.name}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
