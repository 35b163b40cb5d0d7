"""Show the pages of the reading room over samples/, at 1400 and 400 pixels: they are made to be looked at.

    python benchmarks/screenshots.py [FOLDER]

Loads the samples into a database of their own, opens a room beside it, and writes one picture a page and
width; two of them go to docs/pictures/, for README.md. Needs a browser of the system, such as chromium.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import uvicorn
from playwright.sync_api import Browser, sync_playwright
from pydantic import SecretStr

from etl.ingest import ingest
from etl.room import Options, app
from etl.settings import Settings, load
from etl.store.embedded import launcher
from etl.store.query.client import Store
from etl.wiring import open_store

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTHS = (1400, 400)
# Pictures that README.md shows.
README = ("search-1400.png", "report-1400.png")
HEIGHT = 900
# Two files that wait for somebody: one that is no text, and one whose suggestions nobody has settled.
BROKEN = b"\xff\xfe\x00\xd8\x00\xd8\x00\x00\x81\x00"
DOUBTFUL = "04-displaced-column.txt"


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "data" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        print(f"no browser is installed (looked for {', '.join(BROWSERS)})", file=sys.stderr)
        return 3
    with (
        tempfile.TemporaryDirectory() as home,
        room(Path(home)) as (store, base),
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, address in pages(store).items():
            show(browser, base + address, folder, name)
        browser.close()
    for name in README:
        shutil.copy(folder / name, ROOT / "docs" / "pictures" / name)
    return 0


@contextmanager
def room(home: Path) -> Iterator[tuple[Store, str]]:
    """A store with the samples, and the address of a room over it."""
    with loaded(home) as settings, open_store(settings) as store, serving(store, settings) as base:
        yield store, base


@contextmanager
def loaded(home: Path) -> Iterator[Settings]:
    """Settings of a database that holds the samples, one of them with open suggestions."""
    with launcher.serve(home / "mongo", "64M") as uri:
        settings = load(mongo_uri=SecretStr(uri.replace("/?", "/etl?")), data_dir=home / "data")
        (home / "inbox").mkdir()
        (home / "inbox" / "bad.txt").write_bytes(BROKEN)
        shutil.copy(ROOT / "samples" / DOUBTFUL, home / "inbox" / DOUBTFUL)
        unsure = settings.repair.model_copy(update={"threshold": 1.0})
        ingest([str(home / "inbox")], settings.model_copy(update={"repair": unsure}))
        ingest([str(ROOT / "samples")], settings)
        yield settings


@contextmanager
def serving(store: Store, settings: Settings) -> Iterator[str]:
    """The address of a room over a store."""
    application = app(store, settings, Options(read_only=False))
    server = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=0, log_level="warning"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.1)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def pages(store: Store) -> dict[str, str]:
    """The address of each page by the name of its picture."""
    (cut,), (waits,) = store.search("晒场堆放"), store.waiting(1)
    run = store.runs(1)[0].id
    return {
        "search": "/?q=村",
        "search-zh": "/?lang=zh&q=捐款",
        "report": f"/report/{cut.id}/p/4",
        "report-zh": f"/report/{cut.id}?lang=zh",
        "suggestions": f"/report/{waits.id}",
        "correct": f"/report/{cut.id}/p/4/edit",
        "history": f"/report/{cut.id}/history",
        "entity": "/entity/organization:临岚县红十字会",
        "review": "/review",
        "runs": "/runs",
        "run": f"/runs/{run}",
        "rule": "/rule/cut%20sentence",
        "missing": "/nowhere",
    }


def show(browser: Browser, address: str, folder: Path, name: str) -> None:
    """One page in each width, and the wide one in dark."""
    for width in WIDTHS:
        for scheme in ("light", "dark") if width == WIDTHS[0] else ("light",):
            page = browser.new_page(
                viewport={"width": width, "height": HEIGHT}, color_scheme=scheme, locale="en-US"
            )
            page.goto(address)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                print(f"{name} is wider than {width} pixels")
            target = folder / f"{name}-{width}{'-dark' if scheme == 'dark' else ''}.png"
            page.screenshot(path=target, full_page=True)
            page.close()
            print(target)


if __name__ == "__main__":
    sys.exit(main())
