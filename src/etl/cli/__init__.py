"""Run the command line ``etl``: parse arguments, call the packages below and print, nothing else.

A new command is one function in the module of its theme and one line in `etl.cli.app.COMMANDS`.

`app` holds the table of commands. Loading: `jobs`, `planning`. Without a database: `texts`, `facts`. Looking:
`looking`, `searching`, `rule`. Reviewing: `review`, `correcting`. Operating: `database`, `index`, `health`,
`configuration`, `secrets`, `exporting`, `room`. All share `command`, `options`, `filters` and what is in
`output`.

The package imports everything, mostly inside functions; nothing imports it.
"""

import gc
import sys
from typing import NoReturn

# New objects after which the collector looks for garbage. Loading makes 150,000 that stay; by Python's own
# number it looks at them 300 times.
COLLECTED_AFTER = 200_000
# The exit status after Ctrl-C, and what is said then.
INTERRUPTED = 130
STOPPED = "stopped before the end; run the command again, what is done stays done"


def main() -> NoReturn:
    """Run the command line and end the process with its exit status; Ctrl-C is answered from the start."""
    gc.set_threshold(COLLECTED_AFTER)
    try:
        from etl.cli import app

        app.main()
    except KeyboardInterrupt:
        sys.stderr.write(f"etl: {STOPPED}\n")
        sys.exit(INTERRUPTED)
