"""What the rooms log, on standard error: plain words, or one JSON object a line.

A new field of a JSON line is one entry in `Lines.format`.
"""

import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etl.settings import LogSettings


class Lines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger and message; the traceback where there is one."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def ours(record: logging.LogRecord) -> bool:
    """Whether a record is for our handler: Prefect has a console of its own and must not speak twice."""
    return record.name.split(".")[0] != "prefect"


def configure(settings: "LogSettings") -> None:
    """Log as the settings say; only our own rooms, libraries only when something is wrong."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines() if settings.json_lines else logging.Formatter("%(levelname)s %(message)s"))
    handler.addFilter(ours)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("etl").setLevel(settings.level)
