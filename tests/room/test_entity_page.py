"""The page of an entity: what needs no store."""

from etl.room.pages.charts import MIN_SLOTS
from etl.room.pages.entity_page import MAX_YEARS, _timeline
from etl.store.query.finding import Page


def years(*found: str) -> list[tuple[str, float]]:
    """The bars of a timeline of reports of these years, one each."""
    placed = _timeline(Page(len(found), (), {"year": tuple((one, 1) for one in found)}), "/?person=x")
    return [(one.bar.name, one.bar.value) for one in placed]


def test_years_without_a_report_leave_a_gap() -> None:
    """A timeline has a place for each year, so that years that are far apart look so."""
    assert years("2020", "2023") == [("2020", 1), ("2021", 0), ("2022", 0), ("2023", 1)]
    assert len(years("2000", "2023")) > MIN_SLOTS
    assert years() == []


def test_a_long_timeline_has_no_gaps() -> None:
    """Years that are centuries apart stand side by side."""
    last = 1900 + MAX_YEARS
    assert years("1900", str(last)) == [("1900", 1), (str(last), 1)]
