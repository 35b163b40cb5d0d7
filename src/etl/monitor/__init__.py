"""Answer monitors of a running `etl serve`: Prometheus metrics and a health check over HTTP.

`probe` reads the database, `schedule` asks whether Prefect's scheduler makes the runs that it should.

Both are read from MongoDB when they are asked for, see decision 0069. A new metric is a line in `metrics`, a
new address one in `http`. The package imports the store, `etl.orchestration` and the
checks of `etl.doctor`; only the command line imports it.
"""

from etl.monitor.http import answering

__all__ = ["answering"]
