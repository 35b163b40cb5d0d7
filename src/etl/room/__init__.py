"""The reading room: web pages on which stored reports are found, read and corrected.

`app` makes the application, `serving.serve` answers at an address. Every page works without JavaScript,
all of its state stands in its address, and every action is a form that redirects.

`pages` holds a module for each page, and the forms; `aligned` sets the two texts of a report side by side.
`application`, `context`, `safety` and `addresses` are the web, `words`, `wording` and `messages` the two
languages.

The package imports the store's reads, search and jobs through `etl.wiring` and `etl.ingest`; the command line
imports it.
"""

from etl.room.application import app
from etl.room.context import Options
from etl.room.safety import BasicAuth

__all__ = ["BasicAuth", "Options", "app"]
