"""The pages of the reading room, a module each, and the forms on them.

`search_page` with `search_form`, `report_page` with `report_places`, `page_image`, `edit_page`,
`history_page`, `entity_page`, `rule_page` and `runs_page` answer requests; `actions` carries out what a form
asks for; `charts` draws bars.

The room's `application` imports the package.
"""
