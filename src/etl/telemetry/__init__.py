"""What the product says of its own work: lines of log with their run and report, seconds by stage, notices.

`log_context` knows what the work of a thread is about, `logs` writes it, `timings` measures, `notify` tells a
webhook. The package imports values and settings alone; every package that does work may import it, but the
store: what it finds goes to whoever asked.
"""
