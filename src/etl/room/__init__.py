"""The reading room: web pages on which stored reports are found, read and corrected.

`app` makes the application, `serving.serve` answers at an address. Every page works without JavaScript,
all of its state stands in its address, and every action is a form that redirects.

The package imports the store's reads, search and jobs through `etl.wiring` and `etl.ingest`; the command line
imports it.
"""

from etl.room.application import app
from etl.room.context import Options
from etl.room.safety import Login

__all__ = ["Login", "Options", "app"]
