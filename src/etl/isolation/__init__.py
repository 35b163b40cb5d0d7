"""Reports processed in processes of their own, which can be ended one by one.

`pool` hands out the work, `worker` is the body of such a process, `processing` is what both do with a report.

The package imports the pipeline, engines and telemetry, and no database: what comes back is stored by whoever
asked. Jobs and the command line may import it.
"""
