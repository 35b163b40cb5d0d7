"""Reports processed in processes of their own, which can be ended one by one: `pool` asks, `worker` answers.

It knows the pipeline and no database: what comes back is stored by who asked.
"""
