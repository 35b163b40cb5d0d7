"""Find the day in a setting or tag: 2021-07-13 09:20, 2021-07-13T09:20:00+08:00, 2021年7月13日."""

import re
from datetime import date

DAY = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})"
    r"(?:[-/.年 ]{1,2}([0-9]{1,2})[-/.月 ]{1,2}([0-9]{1,2})|([0-9]{2})([0-9]{2}))(?![0-9])"
)


def first_day(text: str) -> date | None:
    """Return the first day in a value that exists in the calendar; None where there is none."""
    for found in DAY.finditer(text):
        year, month, day, joined_month, joined_day = found.groups()
        try:
            return date(int(year), int(month or joined_month), int(day or joined_day))
        except ValueError:
            continue
    return None
