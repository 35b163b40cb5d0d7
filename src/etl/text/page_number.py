"""Match the number of a page: the parts that expressions for it have in common.

Three places ask and allow different things around it: `repair.furniture.page_numbers` looks for series,
`repair.furniture.judge` for what can be nothing else, `read.pdf.furniture` for rows at the edge of a page.
"""

from etl.text.numerals import UP_TO_HUNDREDS, ZERO_SIGNS

HAN_SIGNS = ZERO_SIGNS + UP_TO_HUNDREDS
# 一○三, 九百九十九.
HAN_PAGE = f"[{HAN_SIGNS}]{{1,5}}"
PAGE = "[页頁]"
# 共12页, behind the number.
OF_ALL = f"(?:[，/]?共[0-9{HAN_SIGNS}]{{1,5}}{PAGE})?"
