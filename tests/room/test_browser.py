"""What archivists and operators come to do, done in a browser from end to end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

pytest.importorskip("playwright.sync_api", reason="the browser's driver is not installed")

from playwright.sync_api import Browser, Page, expect
from tests.room.browser import CONTRAST, HEIGHTS, MOST_LINES, OVERLAPS, PATIENCE, browser, fits, serving
from tests.room.conftest import Opened

from etl.room import Options, app

pytestmark = [pytest.mark.mongo, pytest.mark.xdist_group("room")]

expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser before a room: one page for each way to browse, as a new one takes a process of its own."""

    browser: Browser
    base: str
    opened: Opened
    pages: dict[str, Page] = field(default_factory=dict)

    def page(self, path: str = "/", width: int = 1400, **how: object) -> Page:
        """The page of one who comes for the first time, at an address; a script that fails fails the test."""
        if (way := repr(how)) not in self.pages:
            self.pages[way] = self.open(**how)
        page = self.pages[way]
        page.context.clear_cookies()
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path)
        return page

    def open(self, **how: object) -> Page:
        """A page of a visitor of its own."""
        context = self.browser.new_context(base_url=self.base, locale="en-US", **how)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("dialog", lambda dialog: pytest.fail(f"a text ran: {dialog.message}"))
        page.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
        return page

    def report(self, words: str) -> str:
        """The address of the report that holds some words."""
        return f"/report/{self.opened.id(words)}"


@pytest.fixture(scope="module")
def visitor(opened: Opened) -> Iterator[Visitor]:
    """One browser and one server for all tasks."""
    application = app(opened.store, opened.settings, Options(read_only=False))
    with browser() as found, serving(application) as base:
        yield Visitor(found, base, opened)


def test_find_a_phrase_over_a_page_break(visitor: Visitor) -> None:
    """A phrase that a page had cut is found, and the hit opens at its paragraph with the words marked."""
    page = visitor.page()
    page.get_by_label("Words").fill("自家的晒场堆放砂石")
    page.get_by_label("as one phrase").check()
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_have_text("Reports found: 1")
    expect(page.locator(".excerpt mark")).to_have_text("自家的晒场堆放砂石")

    page.locator(".hit h3 a").click()
    expect(page.locator("#p4")).to_be_focused()
    expect(page.locator("#p4")).to_be_in_viewport()
    assert "".join(page.locator("#p4 .here").all_text_contents()) == "自家的晒场堆放砂石"


def test_narrow_to_a_place_and_a_year(visitor: Visitor) -> None:
    """Facets narrow, chips take filters away again, and the address says all of it."""
    page = visitor.page("/")
    page.locator(".facets").get_by_role("link", name="2021", exact=True).click()
    page.locator(".facets").get_by_role("link", name="临岚县", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Reports found: 1")
    assert "since=2021" in page.url
    assert "place=" in page.url

    page.locator(".chips a", has_text="Place").click()
    assert "place=" not in page.url
    page.locator(".chips a", has_text="Year").click()
    expect(page.locator(".chips")).to_have_count(0)


def test_filters_of_the_form(visitor: Visitor) -> None:
    """Reports that state a donation are found by the kind of fact."""
    page = visitor.page("/")
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Fact").select_option("donation")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".hit", has_text="爱心汇聚")).to_have_count(1)


def test_nothing_found(visitor: Visitor) -> None:
    """Who finds nothing is told what to do, and who mistypes a day what a day looks like."""
    expect(visitor.page("/?q=没有这样的字串").get_by_text("No report matches.")).to_be_visible()
    expect(visitor.page("/?since=gestern").get_by_role("alert")).to_contain_text("2020-02-15")


def test_why_a_sentence_stands_so(visitor: Visitor) -> None:
    """Beside a paragraph stands what was repaired in it, how sure that is, and the card of its rule."""
    page = visitor.page(f"{visitor.report('晒场堆放')}/p/4")
    why = page.locator(".row.here details.why")
    why.locator("summary").click()
    expect(why).to_contain_text("% sure")
    why.get_by_role("link", name="cut sentence").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rule: cut sentence")
    expect(page.get_by_role("heading", name="Left as it is")).to_be_visible()


def test_from_a_mark_to_its_other_side(visitor: Visitor) -> None:
    """A click on a join leads to its place in the raw text, and a key from there back."""
    page = visitor.page(visitor.report("晒场堆放"))
    seam = page.locator(".text a.seam.gone").first
    seam.click()
    there = page.locator(".raw a:target")
    expect(there).to_contain_text("17")
    expect(there).to_be_in_viewport()
    there.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".text a:target")).to_have_count(1)


def test_a_moved_column(visitor: Visitor) -> None:
    """A column that was put back is marked where it stood and where it stands, each leads to the other."""
    page = visitor.page(visitor.report("林场三代人"))
    page.locator(".text a.move").first.click()
    expect(page.locator(".raw a.move:target")).to_be_in_viewport()


def test_permanent_addresses(visitor: Visitor) -> None:
    """The number of a paragraph is its address; a stretch of raw text has one, too."""
    page = visitor.page(visitor.report("晒场堆放"))
    page.locator("#p5 .para").click()
    assert re.search(r"/p/5\?raw=\d+-\d+$", page.url)
    expect(page.locator("#p5")).to_be_focused()
    page.keyboard.press("e")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Correct paragraph 5")

    page.goto(f"{visitor.report('晒场堆放')}/raw/0-9")
    expect(page.locator(".raw .here")).to_have_text("青石镇修通最后一公")
    expect(page.locator("#p1")).to_be_focused()


def test_reject_a_wrong_join(visitor: Visitor) -> None:
    """A join that is rejected is undone at once; the history shows it, and another click takes it back."""
    address = visitor.report("晒场堆放")
    page = visitor.page(address)
    before = page.locator(".sheet p[id]").count()
    joined = page.locator(".told", has_text="cut sentence")
    page.locator("details.why", has=joined).first.locator("summary").click()
    told = joined.first
    told.get_by_label("Why (optional)").fill("两件事")
    told.get_by_role("button", name="Reject").click()
    expect(page.locator(".flash")).to_contain_text("Rejected")
    expect(page.locator(".sheet p[id]")).to_have_count(before + 1)
    expect(page.locator(".told.rejected")).to_contain_text("两件事")

    page.get_by_role("link", name="History").click()
    expect(page.locator(".diff .added").first).to_be_visible()
    page.goto(address)
    page.locator("details.why", has=page.locator(".told.rejected")).first.locator("summary").click()
    page.locator(".told.rejected").get_by_role("button", name="Accept").click()
    expect(page.locator(".sheet p[id]")).to_have_count(before)


def test_settle_what_waits_by_keys(visitor: Visitor) -> None:
    """From the list of what waits, j goes to the report and to a suggestion, r settles it."""
    page = visitor.page("/review")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".told.open").first).to_be_visible()
    waiting = page.locator(".told.open").count()
    page.keyboard.press("j")
    expect(page.locator(".told.open").first).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator(".flash")).to_contain_text("Rejected")
    assert page.locator(".told.open").count() < waiting


def test_follow_a_person(visitor: Visitor) -> None:
    """A name in a text leads to all that is known of the person, and from there to the reports."""
    page = visitor.page(visitor.report("晒场堆放"))
    page.locator("a.person", has_text="韩立新").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("韩立新")
    expect(page.locator(".facets")).to_contain_text("党委书记")
    page.locator(".facets").get_by_role("link", name="贺小军").click()
    page.locator(".hit h3 a").first.click()
    expect(page.locator("h1")).to_contain_text("青石镇")


def test_sums_that_an_organization_received(visitor: Visitor) -> None:
    """The page of an organization adds up what it received, with the reports that say so."""
    page = visitor.page("/entity/organization:临岚县红十字会")
    expect(page.get_by_role("heading", name="received: 1,940,000 CNY")).to_be_visible()
    expect(page.locator("svg.chart")).to_be_visible()


def test_retry_what_was_set_aside(visitor: Visitor) -> None:
    """An operator sees why a file was quarantined and tries it again; the run is in the list."""
    page = visitor.page("/runs")
    expect(page.locator(".aside .hit")).to_contain_text("坏.txt")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".flash")).to_contain_text("1 quarantined again")
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="Seconds by stage")).to_be_visible()


def test_a_run_beside_the_one_before(visitor: Visitor) -> None:
    """A run is shown beside the run of its kind before it, with the difference."""
    page = visitor.page("/runs")
    page.get_by_role("link", name=re.compile("^Load")).first.click()
    expect(page.locator("th", has_text="Difference")).to_be_visible()
    expect(page.locator("svg.shares").first).to_be_visible()


def test_the_language_stays(visitor: Visitor) -> None:
    """Who chooses Chinese reads Chinese on the next page, too."""
    page = visitor.page("/")
    page.get_by_role("link", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.get_by_role("link", name="运行").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("运行")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_keyboard_alone(visitor: Visitor) -> None:
    """The first stop of the keyboard leads to the content; / leads to the words, Enter searches."""
    page = visitor.page("/review")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("/")
    page.wait_for_url("**/")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("韩立新")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Reports found: 1")


def test_without_javascript(visitor: Visitor) -> None:
    """Search, a report at its paragraph, and trying again work in a browser that runs no script."""
    page = visitor.page("/?q=晒场堆放", java_script_enabled=False)
    page.locator(".hit h3 a").click()
    expect(page.locator("#p4")).to_be_in_viewport()
    page.goto("/runs")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".flash")).to_be_visible()


def test_on_a_telephone(visitor: Visitor) -> None:
    """At 400 pixels one text is read; a mark shows the raw text of its paragraph, a switch all of it."""
    page = visitor.page(visitor.report("晒场堆放"), width=400)
    expect(page.locator(".row > .raw:visible")).to_have_count(0)
    page.locator("#p4 a.seam").first.click()
    expect(page.locator(".raw a:target")).to_be_in_viewport()
    page.get_by_role("link", name="Raw text").click()
    expect(page.locator(".raw", has_text="- 17 -")).to_be_visible()
    for path in (
        "/",
        "/runs",
        "/review",
        "/entity/person:韩立新",
        "/rule/furniture",
        visitor.report("都是正文"),
    ):
        page.goto(path)
        assert fits(page), path


def test_nothing_lies_upon_another_thing(visitor: Visitor) -> None:
    """At 400 pixels numbers of paragraphs and pencils stand apart, and one text alone is called chosen."""
    page = visitor.page(visitor.report("青河县水利建设简报"), width=400)
    assert page.locator(".para, .edit-link").evaluate_all(OVERLAPS) == 0
    expect(page.get_by_role("link", name="Both", exact=True)).to_be_hidden()
    expect(page.get_by_role("link", name="Restored text")).to_have_css("color", "rgb(250, 248, 243)")


@pytest.mark.parametrize("width", [400, 1400])
def test_a_number_is_one_line(visitor: Visitor, width: int) -> None:
    """A count beside a long name and the day of a run are not broken; fields of a row are of one height."""
    page = visitor.page("/", width)
    for path, parts in (
        ("/", ".facets .count"),
        ("/entity/organization:临岚县红十字会", ".facets .count"),
        ("/runs", "td:first-child a"),
    ):
        page.goto(path)
        assert page.locator(parts).evaluate_all(MOST_LINES) == 1, path
    page.goto(visitor.report("爱心汇聚") + "/p/4/edit")
    assert len(set(page.locator("form.entity input:visible, form.entity select").evaluate_all(HEIGHTS))) == 1


def test_a_page_as_printed_beside_its_text(visitor: Visitor) -> None:
    """The picture of a page opens beside the raw text that stands on it, and is fetched only then."""
    page, asked = visitor.page(), list[str]()
    page.on("request", lambda one: asked.append(one.url))
    page.goto(visitor.report("青河县水利建设简报"))
    beside = page.locator(".raw details.printed").first
    assert not [one for one in asked if one.endswith(".png")]

    beside.locator("summary").click()
    picture = beside.locator("img")
    page.wait_for_function("(one) => one.complete && one.naturalWidth > 300", arg=picture.element_handle())
    assert [one for one in asked if one.endswith(".png")] == [picture.evaluate("(one) => one.src")]


def test_in_print(visitor: Visitor) -> None:
    """On paper stand both texts, and nothing to click."""
    page = visitor.page(visitor.report("晒场堆放"))
    page.emulate_media(media="print")
    expect(page.locator("#p4")).to_be_visible()
    for gone in ("header.site", ".sides", "footer.site"):
        expect(page.locator(gone)).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(visitor: Visitor, scheme: str) -> None:
    """On every page, in both colour schemes, words stand out from what is behind them by 4.5 to 1 or more."""
    paths = (
        "/?q=村&since=2021",
        visitor.report("晒场堆放"),
        "/runs",
        "/review",
        "/entity/organization:临岚县红十字会",
    )
    page = visitor.page("/", color_scheme=scheme)
    for path in (*paths, "/rule/furniture", "/nowhere"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        ratio, words = page.evaluate(CONTRAST)
        assert ratio >= 4.5, (path, words)


def test_hostile_words_do_nothing(visitor: Visitor) -> None:
    """A report full of tags is read as words: no dialog, no foreign element, no refused script."""
    said: list[str] = []
    page = visitor.page("/")
    page.on("console", lambda message: said.append(message.text))
    for path in (
        "/?q=<script>alert(9)</script>",
        visitor.report("都是正文"),
        "/?person=<img src=x onerror=alert(8)>",
    ):
        page.goto(path)
    expect(page.locator("main script, main img, main svg[onload]")).to_have_count(0)
    assert said == []


def test_correct_a_name(visitor: Visitor) -> None:
    """A name that was misread is corrected, found under its right form, and taken back with one click."""
    page = visitor.page(f"{visitor.report('林场三代人')}/p/3/edit")
    words = page.get_by_role("textbox", name="Words").first
    words.fill(words.input_value().replace("邵永山", "邵咏山"))
    page.locator("form.edit").first.get_by_label("Why (optional)").fill("原件作咏")
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator(".flash")).to_contain_text("Corrected")
    expect(page.locator("#p3")).to_contain_text("邵咏山")
    expect(page.locator("#p3 a.person.small")).to_have_text("咏")
    expect(page.locator(".remarks")).to_contain_text("“永” became “咏”")
    page.goto("/?q=邵咏山")
    expect(page.get_by_role("status")).to_have_text("Reports found: 1")

    page.locator(".hit h3 a").click()
    page.get_by_role("button", name="Take all back").click()
    expect(page.locator(".remarks")).to_have_count(0)
    expect(page.locator("#p3")).to_contain_text("邵永山")


def test_split_and_join_a_paragraph(visitor: Visitor) -> None:
    """A line break in the words of a paragraph begins another one, and a button joins them again."""
    page = visitor.page(f"{visitor.report('都是正文')}/p/2/edit")
    before = page.get_by_role("textbox", name="Words").first.input_value()
    page.get_by_role("textbox", name="Words").first.fill(before.replace("，青河县", "，\n青河县"))
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator("#p3")).to_contain_text("青河县卫生局")
    page.get_by_role("button", name="Take all back").click()
    expect(page.locator("#p2")).to_contain_text("青河县卫生局")


def test_take_donations_away(visitor: Visitor) -> None:
    """The donations that were found are taken away as a table that a spreadsheet opens."""
    page = visitor.page("/?fact=donation&organization=organization:临岚县红十字会")
    page.get_by_text("Download").click()
    row = page.locator(".take tr", has_text="Facts")
    with page.expect_download() as saved:
        row.get_by_role("link", name="CSV").click()
    content = saved.value.path().read_bytes()
    assert content.startswith("\ufeff".encode())
    assert "临岚县红十字会" in content.decode("utf-8-sig")
