"""Run the command line ``etl``: parse arguments, call the packages below and print, nothing else.

A new command is one function in the module of its theme and one line in `etl.cli.app.COMMANDS`.

`app` holds the table of commands. Loading: `jobs`, `planning`. Without a database: `texts`, `facts`. Looking:
`looking`, `searching`, `rule`. Reviewing: `review`, `correcting`. Operating: `database`, `index`, `health`,
`configuration`, `secrets`, `exporting`, `room`. All share `command`, `options`, `filters` and what is in
`output`.

The package imports everything, mostly inside functions; nothing imports it.
"""

import gc
from typing import NoReturn

# New objects after which the collector looks for garbage. Loading makes 150,000 that stay; by Python's own
# number it looks at them 300 times.
COLLECTED_AFTER = 200_000


def main() -> NoReturn:
    """Run the command line and end the process with its exit status."""
    gc.set_threshold(COLLECTED_AFTER)
    from etl.cli import app

    app.main()
