"""Prefect's server asked as its own client does: again, where it is busy."""

import json
import time
import urllib.error
import urllib.request
from typing import Any

WAITS = (0.5, 1.0, 2.0, 4.0, 8.0)


def ask(url: str, path: str, body: object = None, method: str = "POST") -> Any:  # noqa: ANN401 - JSON
    """What it answers."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310 - the server of this test
        f"{url}/{path}", data, {"Content-Type": "application/json"}, method=method
    )
    for wait in (*WAITS, None):
        try:
            with urllib.request.urlopen(request, timeout=240) as answer:  # noqa: S310 - as above
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            if error.code != 503 or wait is None:
                raise
        time.sleep(wait)
    raise AssertionError("unreachable: the loop returns or raises")
