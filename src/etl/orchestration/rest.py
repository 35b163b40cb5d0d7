"""Ask Prefect's server over its REST interface, because importing Prefect takes longer than a check may.

A new question is a call of `ask` where the answer is needed.
"""

import json
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from typing import Any

TIMEOUT_SECONDS = 1.5
# A busy server on SQLite asks to be asked again.
PAUSES = (0.2, 0.4, 0.8)


def ask(url: str, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
    """Post a JSON body to a path of Prefect's server and return its JSON answer; retry while it is busy.

    Raises:
        OSError, ValueError: the server does not answer, or not with JSON.
    """
    request = urllib.request.Request(  # noqa: S310 - an address of the operator's
        f"{url.rstrip('/')}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    for pause in PAUSES:
        try:
            return _answer(request)
        except urllib.error.HTTPError as error:
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise
            time.sleep(pause)
    return _answer(request)


def _answer(request: urllib.request.Request) -> Any:  # noqa: ANN401 - JSON
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - as above
        return json.load(answer)
