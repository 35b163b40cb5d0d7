"""Reports processed in processes of their own, which can be ended one by one: `pool` asks, `worker` answers.

The package imports the pipeline, engines and telemetry, and no database: what comes back is stored by whoever
asked. Jobs and the command line may import it.
"""
