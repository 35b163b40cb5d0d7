"""Subtitles: their numbers, times and lines come out as they stand."""

from etl.api import clean

TEMPLATE = "{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{line}"
LINES = [
    "春天来得比往年早，河边的柳树已经发芽，村里的孩子们放学以后都到堤上去看水，",
    "今年的水比去年还要大，老人坐在桥头上想了想，他在这条河边上住了整整六十年，",
    "说从来没有见过这么平静的春天，后来的事情大家都知道了，谁也没有料到雨会下得",
    "那么久，连山上的小路也被冲断了，合作社的三辆车停在半路，等到第二天下午才有",
    "人从对岸把绳子抛过来，大家一个接一个地拉着绳子过河，鞋都湿透了，没有人说话",
    "只听见水声，到了晚上灯又亮起来，家家户户都在屋檐下面烤火，",
]


def test_subtitles_come_out_as_they_stand() -> None:
    """No number is taken for a page's, no time is joined and no line moves, with blank lines and without."""
    cues = [TEMPLATE.format(n=n, line=line) for n, line in enumerate(LINES, 1)]
    for between in ("\n", "\n\n"):
        given = between.join(cues)
        assert [p.body.text for p in clean(given).paragraphs] == [line for line in given.split("\n") if line]
