"""A report's raw and restored text side by side, with what was changed and found in both.

`aligned_report` lays a stored report out, `alignment` pairs the lines of the two texts, `marks` says where a
change is seen, `explanations` why it was made, `annotations` what was found; `drawing` writes a row as HTML.

The pages of the room and its `context` import the package.
"""
