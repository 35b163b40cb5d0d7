"""What monitoring asks of a running `etl serve`: Prometheus metrics and a health check over HTTP.

Both are read from MongoDB when they are asked for, see decision 0069. A new metric is a line
in `metrics`, a new address one in `server`.
"""

from etl.watch.server import answering

__all__ = ["answering"]
