"""The reading room: web pages on which stored reports are found, read and corrected.

`app` makes the application, `serving.serve` answers at an address. Every page works without JavaScript,
all of its state stands in its address, and every action is a form that redirects.

Each page is a module: `search_page` with `search_form`, `report_page`, `page_image`, `edit_page`,
`history_page`, `entity_page`, `rule_page`, `runs_page`; `actions` are its forms. `aligned_report` and
`alignment` set the two texts side by side, `marks`, `drawing`, `explanations` and `annotations` say what is
seen there, `charts` draws. `application`, `context`, `safety` and `addresses` are the web, `words` and
`wording` the two languages.

The package imports the store's reads, search and jobs through `etl.wiring` and `etl.ingest`; the command line
imports it.
"""

from etl.room.application import app
from etl.room.context import Options
from etl.room.safety import BasicAuth

__all__ = ["BasicAuth", "Options", "app"]
