"""Find written times and resolve them to a first and a last day.

`finder` is the entry, `time_anchor` its memory, `ranges` joins two times to one, and `chosen` dates what was
settled; `years`, `decades`, `eras` and `festivals` (with `lunar_calendar`) read one form each, and `calendar`
gives the days.

May import the context, the resources and `etl.text`; no other kind of entity.
"""
