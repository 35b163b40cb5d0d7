"""The read-only JSON API over stored reports, with its description in OpenAPI.

`application.api` makes the application; the reading room mounts it below ``/api``, behind its checks of
hosts, lengths and logins. Values are those of `etl.connect`, as JSON.

The package imports the store's reads through `etl.wiring`, and `etl.export`; the reading room imports it.
"""
