"""The read-only JSON API over stored reports, with its description in OpenAPI.

`application.api` makes the application; the reading room mounts it below ``/api``, behind its checks of
hosts, lengths and logins. Values are those of `etl.connect`, as JSON.

`reports`, `entities`, `changes` and `tables` hold the addresses; `filters` reads what is asked, `answers`
shapes what is answered, `served` is what each has at hand.

The package imports the store's reads through `etl.wiring`, and `etl.export`; the reading room imports it.
"""
