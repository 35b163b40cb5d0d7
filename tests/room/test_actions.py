import re
from typing import Any

import pytest
from tests.room.conftest import Opened

pytestmark = [pytest.mark.mongo, pytest.mark.xdist_group("room")]


def forms(html: str) -> list[dict[str, str]]:
    """The fields of each form of a page that changes something."""
    found = re.findall(
        r'<form(?: class="[^"]*")? method="post" action="([^"]+)">(.*?)</form>', html, re.DOTALL
    )
    return [
        {"action": action, **dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', inside))}
        for action, inside in found
    ]


def send(opened: Opened, form: dict[str, str], **more: str) -> Any:  # noqa: ANN401 - an answer of a client without types
    """Send a form with what a person chose."""
    return opened.client.post(form["action"], data={**form, **more})


def told(html: str) -> dict[str, dict[str, str]]:
    """The form of each repair of a page, by what the program did."""
    parts = re.split(r'<div class="told', html)[1:]
    return {re.findall(r'href="/rule/([^"]+)"', part)[0]: forms(part)[0] for part in parts}


def test_a_wrong_join_is_rejected_and_accepted_again(opened: Opened) -> None:
    """Who rejects a join sees the text cut at that place, who did it and why; accepting it joins it again."""
    one = opened.id("晒场堆放")
    before = opened.store.report(one).text
    form = told(opened.client.get(f"/report/{one}").text)["cut%20sentence"]

    gone = send(opened, form, verdict="reject", note="两篇文章")
    assert gone.status_code == 303
    assert re.fullmatch(rf"/report/{one}/raw/\d+-\d+\?done=rejected", gone.headers["location"])
    page = opened.client.get(gone.headers["location"]).text
    assert 'class="flash"' in page
    assert "两篇文章" in page
    now = opened.store.report(one)
    assert now.text != before
    assert now.text.replace("\n", "") == before.replace("\n", "")

    stale = send(opened, form, verdict="reject")
    assert stale.status_code == 400
    assert re.search(r"has revision \d+, not \d+", stale.text)
    again = next(f for f in forms(page) if f["number"] == form["number"])
    assert send(opened, again, verdict="accept").status_code == 303
    assert opened.store.report(one).text == before
    history = opened.client.get(f"/report/{one}/history").text
    assert 'class="added"' in history


def test_a_paragraph_that_moved_is_found(opened: Opened) -> None:
    """An address with its raw place leads to the words, whatever number their paragraph has now."""
    one = opened.id("林场三代人")
    aligned = opened.store.report(one)
    last = len(aligned.paragraphs)
    html = opened.client.get(f"/report/{one}").text
    (link,) = re.findall(rf'class="para" href="([^"]+/p/{last}\?raw=[^"]+)"', html)

    for number in (last, 1, last + 5):
        other = re.sub(r"/p/\d+", f"/p/{number}", link)
        assert f'id="p{last}" tabindex="-1" autofocus' in opened.client.get(other).text
    assert opened.client.get(f"/report/{one}/p/{last + 5}").status_code == 404


def test_what_was_set_aside_is_tried_again(opened: Opened) -> None:
    """The page of runs says why a file was quarantined; trying again says what came of it."""
    page = opened.client.get("/runs").text
    assert "坏.txt" in page
    (form,) = [one for one in forms(page) if one["action"] == "/retry"]

    done = send(opened, form)
    assert done.headers["location"] == "/runs?loaded=0&aside=1#aside"
    assert 'class="flash"' in opened.client.get(done.headers["location"]).text
    runs = opened.store.runs(2)
    assert runs[0].kind == "retry"
    assert opened.client.get(f"/runs/{runs[0].id}").status_code == 200


def test_a_wrong_form(opened: Opened) -> None:
    """A form without a choice, or about a repair that is not there, is told so."""
    one = opened.id("晒场堆放")
    form = told(opened.client.get(f"/report/{one}").text)["furniture"]

    assert send(opened, form).status_code == 400
    assert send(opened, {**form, "number": "99"}, verdict="accept").status_code == 400
    assert send(opened, {**form, "number": "x"}, verdict="accept").status_code == 400


def test_the_way_back_from_a_form_that_failed(opened: Opened) -> None:
    """Where a form could not be carried out, links lead to its report, in either language."""
    one = opened.id("晒场堆放")
    form = told(opened.client.get(f"/report/{one}").text)["furniture"]
    links = re.findall(r'href="([^"]+)"', send(opened, {**form, "number": "99"}, verdict="accept").text)

    assert f"/report/{one}" in links
    assert all(opened.client.get(link).status_code == 200 for link in links if link.startswith("/"))


def test_yes_or_no_is_chosen(opened: Opened) -> None:
    """Whether a sum is said to be more is chosen, not written, and stays as it was unless somebody does."""
    one = opened.id("爱心汇聚")
    page = opened.client.get(f"/report/{one}/p/3/edit").text

    assert page.count('<select name="at_least"><option value="">') == 2
    assert page.count('<option value="yes" selected>') == 1
    assert page.count('name="was_at_least" value="yes"') == 1


def test_entities(opened: Opened) -> None:
    """The page of an entity has its names, company, sums and reports; there is none for others."""
    ask = opened.client.get
    page = ask("/entity/organization:临岚县红十字会").text

    assert "县红十字会" in page
    assert "1,940,000" in page
    assert f"/report/{opened.id('爱心汇聚')}" in page
    assert ask("/entity/person:没有这个人").status_code == 404
    assert ask("/entity/money:1").status_code == 404
    assert ask("/entity/person:韩立新").status_code == 200


def test_corrections(opened: Opened) -> None:
    """Words, kinds and entities are corrected by forms, told with who and why, and taken back."""
    one = opened.id("爱心汇聚")
    before = opened.store.report(one).text
    address = f"/report/{one}/p/1/edit"

    def fill(what: str, **fields: str) -> str:
        """Send the first form of this kind; what the page that follows says."""
        form = next(f for f in forms(opened.client.get(address).text) if f.get("what") == what)
        gone = send(opened, form, **fields)
        assert gone.status_code == 303, gone.text
        assert gone.headers["location"].endswith("&done=corrected")
        return str(opened.client.get(gone.headers["location"]).text)

    title = opened.store.report(one).paragraphs[0].text
    page = fill("text", text=f"{title.replace('汇', '会')}（稿）", note="原件如此")
    assert "“汇” became “会”" in page
    assert "“（稿）” was put in" in page
    assert "原件如此" in page
    assert "“（稿）” was taken out" in fill("text", text=title.replace("汇", "会"))
    fill("kind", kind="heading")
    fill("entity", words="爱心", kind="organization")
    found = opened.store.report(one)
    assert found.paragraphs[0].kind == "heading"
    assert found.text.startswith("爱心会聚")
    assert any(e.text == "爱心" and e.type == "organization" for e in found.entities)

    nonsense = next(f for f in forms(opened.client.get(address).text) if f.get("what") == "entity")
    assert send(opened, nonsense, words="没有这几个字", kind="person").status_code == 400
    page = opened.client.get(f"/report/{one}").text
    everything = [f for f in forms(page) if f["action"].endswith("/undo")][-1]
    assert send(opened, everything, all="1").headers["location"] == f"/report/{one}?done=undone"
    assert opened.store.report(one).text == before
    assert "/undo" not in opened.client.get(f"/report/{one}").text
