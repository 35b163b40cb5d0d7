import re
from html.parser import HTMLParser
from typing import get_args

import pytest
from tests.room.conftest import SAMPLES, Opened
from tests.room.made import SCRIPT, load

from etl.ingest import delete_reports
from etl.room.aligned.aligned_report import AlignedReports
from etl.rules import Said, cards, meaning

pytestmark = [pytest.mark.mongo, pytest.mark.xdist_group("room")]

VOID = {"meta", "link", "input", "br", "img"}


class Page(HTMLParser):
    """Tags of a page that were left open, its words, names and links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.open += [] if tag in VOID else [tag]
        self.names += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(opened: Opened, path: str, status: int = 200) -> Page:
    """A page, which must be whole and name nothing twice."""
    answer = opened.client.get(path)
    assert answer.status_code == status, answer.text[:500]
    page = Page(answer.text)
    assert page.open == []
    assert len(page.names) == len(set(page.names))
    return page


def test_search_marks_and_leads_to_the_paragraph(opened: Opened) -> None:
    """A hit shows its words marked and leads to its paragraph, in which they are marked again."""
    answer = opened.client.get("/?q=晒场堆放&phrase=1")
    assert "<mark>晒场堆放</mark>" in answer.text

    (place,) = re.findall(r'<h3 lang="zh"><a href="([^"]+)"', answer.text)
    assert place.startswith(f"/report/{opened.id('晒场堆放')}/p/4?at=")
    found = opened.client.get(place).text
    assert re.search(r'class="[^"]*\bhere\b[^"]*"[^>]*>晒', found)
    assert '<p class="body" lang="zh-Hans" id="p4" tabindex="-1" autofocus>' in found


@pytest.mark.parametrize(
    "path",
    ["/", "/?q=村&sort=relevance", "/?person=韩立新", "/?since=2021&until=2021", "/?fact=donation&lang=zh"],
)
def test_search_addresses(opened: Opened, path: str) -> None:
    """Whatever an address asks, something is found, and no path of the machine is told."""
    page = page_of(opened, path)

    assert "search" in page.names or page.links
    assert any(link.startswith("/report/") for link in page.links)
    assert str(opened.settings.data_dir.parent) not in page.text + "".join(page.links)


def test_facets_narrow(opened: Opened) -> None:
    """Each value of a facet leads to as many reports as it says, and can be taken away again."""
    first = page_of(opened, "/")
    narrower = [link for link in first.links if link.startswith("/?") and "lang=" not in link]

    assert any("source=" in link for link in narrower)
    for kind in ("source=", "since=", "place=", "organization="):
        link = next(link for link in narrower if kind in link)
        page = page_of(opened, link)
        assert any(one.startswith("/report/") for one in page.links), link
        assert "/?" in page.links


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/?q=a%26b&sort=&person=&place=+&since=2021", "/?q=a%26b&since=2021"),
        ("/?q=&sort=&person=", "/"),
        ("/?q=%00&lang=", "/?q=%00"),
    ],
)
def test_an_address_holds_no_empty_parts(opened: Opened, path: str, target: str) -> None:
    """A form sends each field that was left empty; the address that can be passed on has none of them."""
    answer = opened.client.get(path)

    assert (answer.status_code, answer.headers["location"]) == (307, target)
    assert opened.client.get(target).status_code == 200


@pytest.mark.parametrize("path", ["/?since=gestern", "/?q=" + "字" * 1001], ids=["day", "long"])
def test_wrong_search_is_told(opened: Opened, path: str) -> None:
    """A search that cannot be made says why, on the page itself."""
    assert 'role="alert"' in opened.client.get(path).text
    assert opened.client.get(path).status_code == 400


def test_no_day_is_told_in_the_language(opened: Opened) -> None:
    """Who mistypes a day is told so in their language, and is not told that nothing matches."""
    said = page_of(opened, "/?since=2020-99&lang=zh", 400)

    assert "“2020-99”不是日期" in said.text
    assert "expected" not in said.text
    assert "total" not in said.names


def test_a_month(opened: Opened) -> None:
    """A month narrows as a year does, and is called so."""
    page = page_of(opened, "/?since=2021-07&until=2021-07")

    assert "Month: 2021-07" in page.text
    assert f"/report/{opened.id('爱心汇聚')}" in page.links
    assert "Reports found: 1" in page.text


@pytest.mark.parametrize("path", ["/?q=村&page=99", "/entity/person:韩立新?page=99"])
def test_no_page_is_empty(opened: Opened, path: str) -> None:
    """Who asks for a page behind the last one is led to the last."""
    answer = opened.client.get(path)

    assert answer.status_code == 307
    assert "page=99" not in answer.headers["location"]
    assert "/report/" in opened.client.get(answer.headers["location"]).text


@pytest.mark.parametrize("path", ["/p/{}", "/p/{}/edit", "/raw/{}-5", "/raw/5-{}", "/page/{}.png"])
@pytest.mark.parametrize("digits", [9, 5_000])
def test_a_number_of_any_length(opened: Opened, path: str, digits: int) -> None:
    """A number with more digits than any place has leads nowhere, and nothing fails over it."""
    address = f"/report/{opened.id('晒场堆放')}" + path.format("9" * digits)

    assert opened.client.get(address).status_code == 404


def test_changes_lead_to_their_other_side(opened: Opened) -> None:
    """Each mark of a repair in one text leads to one in the other text, and that one back."""
    for words in ("晒场堆放", "红松岭"):
        html = opened.client.get(f"/report/{opened.id(words)}").text
        marks = dict(re.findall(r'<a class="[^"]*" href="#([tr]\d+)" id="([tr]\d+)"', html))
        repairs = set(re.findall(r'id="c(\d+)"', html))
        assert repairs
        for number in repairs:
            assert marks[f"t{number}"] == f"r{number}"
            assert marks[f"r{number}"] == f"t{number}"


def test_both_texts_are_whole(opened: Opened) -> None:
    """Both texts stand on the page as they are, each in its own order."""
    one = opened.id("红松岭")
    html = opened.client.get(f"/report/{one}").text
    report = opened.store.report(one)
    raw = opened.store.raw(one).decode()

    cells = re.findall(r'<div class="raw"[^>]*>.*?</div>', html, re.DOTALL)
    shown = "".join(Page(part).text for part in cells)
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", raw)
    bodies = re.findall(r'<p class="\w+" lang="zh-Hans".*?</p>', html, re.DOTALL)
    shown = "".join(re.sub(r"<[^>]+>", "", re.sub(r'<a class="para".*?</a>', "", part)) for part in bodies)
    assert shown == report.text.replace("\n", "")


def test_hostile_text_is_shown(opened: Opened) -> None:
    """A text, title and name full of tags are words on every page and make no element."""
    one = opened.id("都是正文")
    asked = [f"/?q={SCRIPT}", f"/?q=都是正文&person={SCRIPT}", f"/report/{one}?side={SCRIPT}"]
    paths = ["/", f"/report/{one}", *asked]
    for path in paths:
        answer = opened.client.get(path)
        page = Page(answer.text)
        assert page.tags.isdisjoint({"svg", "img", "style"})
        assert not any(name.startswith("on") or name == "style" for name in page.attributes)
        assert not any("javascript:" in link for link in page.links)
        assert re.findall(r"<script[^>]*>", answer.text) == ['<script src="/static/room.js" defer>']
        assert "49" not in page.text or "{{7*7}}" in page.text
    assert "<img src=x" in page_of(opened, f"/report/{one}").text


@pytest.mark.parametrize("path", ["/report/none", "/rule/none", "/nowhere", "/report/none/p/1"])
def test_what_is_not_there(opened: Opened, path: str) -> None:
    """An address without a page says so, with the way back."""
    assert "/" in page_of(opened, path, 404).links


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rules_are_explained_in_the_language(opened: Opened, language: str) -> None:
    """The page of a rule says what it does, why, where it stops and how sure it is in one language."""
    card = cards()["moved column"]
    told = Page(opened.client.get(f"/rule/{card.name}?lang={language}").text).text
    other = "en" if language == "zh" else "zh"

    assert all(card.say(name, language) in told for name in get_args(Said))
    assert not any(card.say(name, other) in told for name in get_args(Said))
    assert meaning(card.sure, language) in told


def test_languages(opened: Opened) -> None:
    """The address chooses the language and a cookie keeps it; a browser's wish comes last."""
    ask = opened.client.get
    assert '<html lang="zh-Hans">' in ask("/?lang=zh").text
    opened.client.cookies.clear()
    assert '<html lang="en">' in ask("/", headers={"accept-language": "de, en;q=0.5"}).text
    assert '<html lang="zh-Hans">' in ask("/", headers={"accept-language": "zh-TW"}).text


def test_a_page_as_it_was_printed(opened: Opened) -> None:
    """A report of a PDF leads to pictures of its pages; where there is no such page nothing is drawn."""
    one = opened.id("青河县水利建设简报")
    page = page_of(opened, f"/report/{one}")
    (link, *_) = [link for link in page.links if link.endswith(".png")]
    picture = opened.client.get(link)

    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert len(picture.content) > 10_000
    beside = re.findall(r'<img src="([^"]+)"', opened.client.get(f"/report/{one}").text)
    assert beside == [f"/report/{one}/page/{number}.png" for number in (1, 2, 3)]
    assert opened.client.get(f"/report/{one}/page/99.png").status_code == 404
    assert opened.client.get(f"/report/{opened.id('晒场堆放')}/page/1.png").status_code == 404


def test_refusals_in_chinese(opened: Opened) -> None:
    """A Chinese operator reads why a file was quarantined; what the program says in English is marked so."""
    page = opened.client.get("/runs?lang=zh").text

    assert "<p>无法辨认编码</p>" in page
    assert re.search(r'<p class="about" lang="en">\d+ bytes are no plausible text', page)
    assert re.search(r'title="read/encoding">无法辨认编码</a>', page)


def test_sums_in_chinese(opened: Opened) -> None:
    """A Chinese reader of an entity's page is told sums in yuan."""
    page = page_of(opened, "/entity/organization:临岚县红十字会?lang=zh")

    assert "1,940,000 元" in page.text
    assert "CNY" not in page.text


def test_reprints_have_names(opened: Opened) -> None:
    """Reports with the same text lead to each other by title, day and source, whichever came first."""
    first = opened.id("晒场堆放")
    assert "Reprint" not in page_of(opened, f"/report/{first}").text
    load(opened.settings, {"原载-2001-02-03.txt": (SAMPLES / "02-page-break.txt").read_bytes()}, "again")
    pages = {one.id: page_of(opened, f"/report/{one.id}").text for one in opened.store.search("晒场堆放")}
    (earlier,) = pages.keys() - {first}
    delete_reports([earlier], opened.settings)

    title = opened.store.report(first).title
    assert f"Reprint of {title} 2001-02-03 · again/原载-2001-02-03.txt" in pages[first]
    assert f"Reprinted as {title} undated · reports/02-page-break.txt" in pages[earlier]
    assert "Reprint" not in page_of(opened, f"/report/{first}").text


def test_a_page_makes_no_text_in_the_other_script(opened: Opened) -> None:
    """A reader waits for no conversion that no page shows; who asks for the whole report gets it."""
    one = opened.id("爱心汇聚")

    assert AlignedReports(opened.store).open(one).report.other_text == ""
    assert "愛心匯聚" in opened.store.document(one)["other_text"]
