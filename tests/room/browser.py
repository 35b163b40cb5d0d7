"""A browser of the system, and what is asked of every page in it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.applications import Starlette
from tests.waiting import until

# Milliseconds: more than a page or the browser's start takes on a machine that has much else to do.
PATIENCE = 300_000
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# The lowest contrast of words on a page, with the words.
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
# How many of some elements lie upon each other by more than a hair; lines of the longest; how tall they are.
OVERLAPS = """(all) => {
    const boxes = all.map((one) => one.getBoundingClientRect());
    const beside = (a, b) => a.right <= b.left || b.right <= a.left;
    const below = (a, b) => a.bottom <= b.top + 4 || b.bottom <= a.top + 4;
    return boxes.flatMap((a, k) => boxes.slice(k + 1).filter((b) => !beside(a, b) && !below(a, b))).length;
}"""
MOST_LINES = "(all) => Math.max(...all.map((one) => one.getClientRects().length))"
HEIGHTS = "(all) => all.map((one) => Math.round(one.getBoundingClientRect().height))"


def executable() -> str:
    """Where the browser of the system is; without one the test is skipped."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser is installed (looked for {', '.join(NAMES)}); install chromium")
    return found


@contextmanager
def browser() -> Iterator[Browser]:
    """One browser without a window."""
    path = executable()
    with sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-gpu"]
        found = driver.chromium.launch(executable_path=path, args=options, timeout=PATIENCE)
        try:
            yield found
        finally:
            found.close()


@contextmanager
def serving(application: Starlette) -> Iterator[str]:
    """The address of a server in this process."""
    config = uvicorn.Config(application, host="127.0.0.1", port=0, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    assert until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the right."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
