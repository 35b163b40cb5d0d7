import random
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.search.made import CONVERTERS, ListFeed, index_of, news
from tests.store.made import make_report, rich_report

from etl.model.errors import SetupError
from etl.search import entries, sync, tables
from etl.search.excerpts import excerpt
from etl.search.index import MAX_QUERY_LENGTH, SqliteIndex
from etl.search.lookup import Area
from etl.store.query.finding import Page, Search


@pytest.fixture
def feed() -> ListFeed:
    """Four reports."""
    made = ListFeed()
    made.put(make_report("file:///in/a", "县医院\n李明说，捐款 ABC,de 很多", ("李明",), "2020-02-01"))
    made.put(make_report("file:///in/b", "英国牛津大学", ("王芳",), "2021-02-03", other_text="英國牛津大學"))
    made.put(make_report("file:///out/c", "捐款、捐款、捐款", ("李明",), None, needs_review=True))
    made.put(rich_report())
    return made


@pytest.fixture
def index(feed: ListFeed, tmp_path: Path) -> SqliteIndex:
    """The index over them."""
    shanxi = Area("140000", "山西省")
    return index_of(feed, tmp_path, {"山西": (shanxi,), "place:绛县": (Area("140826", ""),)})


def uris(page: Page) -> list[str]:
    """Where the hits of a page are."""
    return [hit.uri.removeprefix("file:///") for hit in page.hits]


def flat(text: str) -> str:
    """A text without spaces, by paragraphs, in one width, in small letters; written anew to judge by."""
    narrow = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    paragraphs = text.translate(narrow).lower().split("\n")
    return "\n".join("".join(one.split()) for one in paragraphs if one.strip())


@pytest.mark.shared
def test_every_string_is_found(shared: Path, tmp_path: Path, seed: int) -> None:
    """Strings of 1 to 8 characters of 200 news, in either script, find all that hold them, nothing else."""
    made, chosen = ListFeed(), random.Random(seed)
    for report in news(shared, 200):
        made.put(report)
    index = index_of(made, tmp_path)
    texts = {one: (flat(e["text"]), flat(e["other_text"])) for one, e in made.stored.items()}
    for turn in range(160):
        entry = chosen.choice(list(made.stored.values()))
        paragraph = chosen.choice(entry[("text", "other_text")[turn % 2]].split())
        at = chosen.randrange(len(paragraph))
        words = paragraph[at : at + 1 + turn % 8]
        wanted = {flat(words), flat(CONVERTERS.text(words, "hans"))}
        holding = {
            one for one, both in texts.items() if any(word in text for word in wanted for text in both)
        }
        found = index.find(Search(words=words, phrase=True, limit=1_000))

        assert ({hit.id for hit in found.hits}, found.total) == (holding, len(holding)), words


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("牛津大学", ["in/b"]),
        ("牛津大學", ["in/b"]),
        ("津", ["in/b"]),
        ("捐款ＡＢＣ，ＤＥ很多", ["in/a"]),
        ("捐款 很多", ["in/a"]),
        ("很多 捐款", ["in/a"]),
        ("a b", ["in/a"]),
        ("院李", []),
        ("没有的词", []),
        ("\x00", []),
        ("\ud800", []),
        ('"', []),
        ("OR", []),
        ("", ["in/b", "a.txt", "in/a", "out/c"]),
    ],
)
def test_words(index: SqliteIndex, words: str, found: list[str]) -> None:
    """All words must stand there, in any order, script and width; what means something to SQL is a word."""
    assert uris(index.find(Search(words=words))) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [("院\n李明", ["in/a"]), ("\n李 明", ["in/a"]), ("院李明", []), ("很多 捐款", []), ("款abc", ["in/a"])],
)
def test_phrase(index: SqliteIndex, words: str, found: list[str]) -> None:
    """A phrase is one string; no other than one with a line break reaches over the end of a paragraph."""
    assert uris(index.find(Search(words=words, phrase=True))) == found


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search(person="李明"), ["in/a", "out/c"]),
        (Search(person="person:李明", words="县"), ["in/a"]),
        (Search(organization="绛县卫健局"), ["a.txt"]),
        (Search(place="绛县"), ["a.txt"]),
        (Search(place="place:绛县"), ["a.txt"]),
        (Search(place="山西"), ["a.txt"]),
        (Search(place="1408"), ["a.txt"]),
        (Search(place="140800"), ["a.txt"]),
        (Search(place="李明"), []),
        (Search(person="绛县"), []),
        (Search(since="2020-02-02"), ["in/b", "a.txt"]),
        (Search(since="2020-02-01", until="2020-02-01"), ["in/a"]),
        (Search(fact="donation"), ["a.txt"]),
        (Search(source="file:///in/"), ["in/b", "in/a"]),
        (Search(needs_review=True), ["a.txt", "out/c"]),
        (Search(needs_review=False, words="捐"), ["in/a"]),
        (Search(words="捐款", sort="relevance"), ["out/c", "in/a"]),
        (Search(words="捐款", sort="relevance", limit=1, offset=1), ["in/a"]),
        (Search(words="捐款", sort="relevance", limit=1, source="file:///in/"), ["in/a"]),
        (Search(offset=1, limit=2), ["a.txt", "in/a"]),
    ],
)
def test_filters_and_order(index: SqliteIndex, search: Search, found: list[str]) -> None:
    """Each filter alone and with words; both orders, and pages."""
    assert uris(index.find(search)) == found


def test_facets_and_totals(index: SqliteIndex) -> None:
    """All that match are counted, however few are shown."""
    page = index.find(Search(limit=1, facets=True))

    assert (page.total, len(page.hits)) == (4, 1)
    assert page.facets["year"] == (("2020", 2), ("2021", 1))
    assert page.facets["person"][0] == ("person:李明", 2)
    assert page.facets["place"] == (("place:绛县", 1),)
    assert page.facets["source"] == (("file:///in", 2), ("file:///out", 1), ("file://", 1))


def test_an_index_that_began_empty_is_of_one_piece(
    feed: ListFeed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words that were written in many transactions stand in one piece at the end, which is read at once."""
    monkeypatch.setattr(sync, "REPORTS_AT_ONCE", 1)
    index = index_of(feed, tmp_path)
    assert index.find(Search(words="捐款")).total == 2

    with tables.open_read_only(tables.file_of(tmp_path, "made")) as file:
        assert file.execute("SELECT count(DISTINCT segid) FROM words_idx").fetchone() == (1,)


def test_every_year_is_counted(tmp_path: Path) -> None:
    """Years are counted without end, for whoever draws them; of other values the most frequent."""
    feed = ListFeed()
    for year in range(1990, 2020):
        feed.put(make_report(f"file:///in/{year}", "县医院", (f"王{year}",), f"{year}-01-01"))
    facets = index_of(feed, tmp_path).find(Search(facets=True)).facets

    assert len(facets["year"]) == 30
    assert len(facets["person"]) == 20


def test_hits_say_where(index: SqliteIndex) -> None:
    """Highlights are places in the excerpt, which begins at a place of the text, in a paragraph."""
    (hit,) = index.find(Search(words="捐款ABC")).hits

    assert [hit.excerpt[start:end] for start, end in hit.highlights] == ["捐款 ABC"]
    assert (hit.start, hit.paragraph) == (0, 1)


def test_an_index_follows(index: SqliteIndex, feed: ListFeed) -> None:
    """New revisions take the place of old ones, what was taken down is gone, and a rest leaves no trace."""
    assert index.find(Search(words="英国")).total == 1
    feed.put(make_report("file:///in/b", "美国", (), "2021-02-03"))
    assert index.find(Search(words="英国")).total == 0
    assert uris(index.find(Search(words="美国"))) == ["in/b"]
    for report in [*feed.stored]:
        feed.delete(report)
    assert index.find(Search(facets=True)).total == 0
    assert index.find(Search(words="国")).total == 0


def test_another_database_is_noticed(feed: ListFeed, index: SqliteIndex, tmp_path: Path) -> None:
    """An index of another feed, or of one that goes less far, is made anew."""
    assert index.find(Search()).total == 4
    other = ListFeed("two")
    other.put(make_report("file:///x", "别处"))
    assert uris(index_of(other, tmp_path).find(Search())) == ["x"]
    assert index.find(Search()).total == 4
    del feed.told[2:]
    feed.stored = {one: entry for one, entry in feed.stored.items() if entry["source"]["uri"][8:10] == "in"}
    assert index.find(Search()).total == 2


def test_a_build_that_dies_goes_on(
    feed: ListFeed, index: SqliteIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was dealt with stays, nothing half of it; the next search does the rest."""
    monkeypatch.setattr(sync, "REPORTS_AT_ONCE", 1)
    real: Callable[..., None] = entries.index_report
    left = [3]

    def put(*given: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            real(*given)
            raise KeyboardInterrupt
        real(*given)

    with monkeypatch.context() as patch:
        patch.setattr(entries, "index_report", put)
        with pytest.raises(KeyboardInterrupt):
            index.find(Search())
    with tables.open_read_only(tables.file_of(index._data_dir, "made")) as kept:
        assert kept.execute("SELECT count(*), (SELECT number FROM state) FROM docs").fetchone() == (2, 2)
    assert index.find(Search()).total == 4


def test_searches_side_by_side(index: SqliteIndex) -> None:
    """Whoever comes while another one brings the index into line finds the same."""
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: index.find(Search(words="捐款")).total, range(8))) == [2] * 8


def test_a_damaged_index_says_how_to_mend_it(index: SqliteIndex) -> None:
    """It is told, not hidden; a build makes it anew, and so does one of another form by itself."""
    index.find(Search())
    path = tables.file_of(index._data_dir, "made")
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(b"no index" * 1000)
    with pytest.raises(SetupError, match="etl index build"):
        index.find(Search())
    assert index.build(lambda _: None) == 4
    with sqlite3.connect(path) as kept:
        kept.execute("UPDATE state SET form = 0")
    kept.close()
    assert index.find(Search()).total == 4


def test_a_long_query_is_refused(index: SqliteIndex) -> None:
    """A whole text is no query."""
    with pytest.raises(SetupError, match="are allowed"):
        index.find(Search(words="长" * (MAX_QUERY_LENGTH + 1)))
    assert index.find(Search(words="长" * MAX_QUERY_LENGTH)).total == 0


@pytest.mark.parametrize(
    ("text", "other", "words", "shown"),
    [
        ("甲" * 100 + "防疫" + "乙" * 100, "", ["防疫"], ["防疫"]),
        ("没有", "", ["防疫"], []),
        ("ABC防疫", "", ["abc"], ["ABC"]),
        ("防疫" + "甲" * 200 + "捐款和防疫", "", ["防疫", "捐款"], ["捐款", "防疫"]),
        ("了解很多", "瞭解很多", ["瞭解"], ["了解"]),
        ("一 二\n三", "", ["一二"], ["一 二"]),
        ("防疫捐款", "", ["防疫捐", "疫"], ["防疫捐"]),
    ],
)
def test_excerpt(text: str, other: str, words: list[str], shown: list[str]) -> None:
    """An excerpt shows the stretch with most of the words, and marks exactly them."""
    found = excerpt(text, other, [[word] for word in words])

    assert len(found.excerpt) <= 80
    assert [found.excerpt[start:end] for start, end in found.highlights] == shown
    assert text[found.start :].startswith(found.excerpt.split(" ")[0])


NUMBER = "1" * 16


@pytest.mark.parametrize(
    ("before", "behind", "shown"),
    [
        ("一" * 30 + "1974" + "二" * 14, "", "1974" + "二" * 14),
        ("一" * 30 + "3.5" + "二" * 15, "", "3.5" + "二" * 15),
        ("一" * 30 + "二" * 15 + "。", "", "二" * 15 + "。"),
        ("一" * 30 + "，" + "二" * 15, "", "二" * 15),
        ("一" + NUMBER + "二" * 15, "", NUMBER + "二" * 15),
        ("一" + NUMBER + "1" + "二" * 15, "", "1" + "二" * 15),
        (NUMBER, "", NUMBER),
        ("", "一" * 76 + "2000元", "一" * 76),
        ("", "一" * 62 + NUMBER + "元", "一" * 62 + NUMBER),
        ("", "一" * 63 + NUMBER + "元", "一" * 63),
        ("", "一" * 62 + NUMBER + "11", "一" * 62 + NUMBER),
    ],
)
def test_an_excerpt_cuts_no_number(before: str, behind: str, shown: str) -> None:
    """An excerpt begins and ends beside numbers and words that are not too long, and with no closing mark."""
    found = excerpt(f"{before}防疫{behind}", "", [["防疫"]])

    assert found.excerpt == (f"{shown}防疫" if before else f"防疫{shown}")


@pytest.mark.parametrize(
    ("text", "start", "paragraph"),
    [("水利简报\n今年入春", 5, 1), ("今年入春\n水利简报", 0, 0), ("水利简报", 0, 0), ("水利简报\n", 0, 0)],
)
def test_an_excerpt_without_words(text: str, start: int, paragraph: int) -> None:
    """Where nothing was asked for, an excerpt does not repeat the title, unless nothing else is there."""
    found = excerpt(text, "", [], "水利简报")

    assert (found.start, found.paragraph, found.highlights) == (start, paragraph, ())
    assert found.excerpt
