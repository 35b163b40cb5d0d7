"""A reading room over a few reports, without a browser."""

from starlette.testclient import TestClient

from etl.ingest import ingest
from etl.room import Options, app
from etl.settings import Settings
from etl.store.query.client import Store

BASE = "http://127.0.0.1"


def client(store: Store, settings: Settings, options: Options | None = None) -> TestClient:
    """Asks a room over a store."""
    return TestClient(app(store, settings, options), base_url=BASE, follow_redirects=False)


def load(settings: Settings, files: dict[str, bytes], name: str = "reports") -> None:
    """Load reports with these names and bytes."""
    folder = settings.data_dir.parent / name
    folder.mkdir(exist_ok=True)
    for path, content in files.items():
        (folder / path).write_bytes(content)
    ingest([str(folder)], settings)


BROKEN = b"\xff\xfe\x00\xd8\x00\xd8\x00\x00\x81\x00"
SCRIPT = "<script>alert(1)</script>"
# A report whose text, title and name are an attack on whoever shows them.
HOSTILE = {
    "a&b'.txt": f'关于"{SCRIPT}"的通知\n\n2021年3月4日，青河县卫生局'
    "<img src=x onerror=alert(2)>向全县发出通知。"
    f'"><svg onload=alert(3)>与{{{{7*7}}}}都是正文，javascript:alert(4)也是。\n'
}
