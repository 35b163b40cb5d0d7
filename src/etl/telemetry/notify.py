"""Telling somebody outside: one JSON object by POST to the address of the settings.

`send` is the way in; it never raises, for a receiver that is down must not harm a run. A new fact for the
receiver is a field of `Notice`.
"""

import json
import logging
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from typing import Literal

from etl.settings import NotifySettings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened to a run.

    Attributes:
        event: failed, crashed, or recovered: the first one that works after one of those.
        flow: which job; ``run`` its name in Prefect, ``run_id`` its id there.
        message: why, as one line.
        url: where Prefect shows it.
    """

    event: Literal["failed", "crashed", "recovered"]
    flow: str
    run: str
    run_id: str
    message: str
    url: str

    @property
    def text(self) -> str:
        """All of it in one sentence, under the name by which chat services expect it."""
        return f"{self.flow} {self.event} ({self.run}): {self.message}"


def send(notice: Notice, settings: NotifySettings) -> bool:
    """Post it where the settings say; whether somebody took it. Without an address nothing is sent."""
    address = settings.webhook.get_secret_value()
    if not address:
        return False
    body = json.dumps({**asdict(notice), "text": notice.text}, ensure_ascii=False).encode()
    try:
        request = urllib.request.Request(address, body, {"Content-Type": "application/json"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=settings.timeout_seconds):  # noqa: S310
            return True
    except (urllib.error.URLError, OSError, ValueError) as error:
        # Not the error's own words: they may quote the address, which may hold a secret.
        status = getattr(error, "code", None) or type(error).__name__
        log.warning("the webhook of notify.webhook (ETL_NOTIFY__WEBHOOK) did not take a notice (%s)", status)
        return False
