"""Make elements of TEI, with texts that XML may hold."""

import re
from typing import Any, TypeAlias

from lxml import etree

TEI = "http://www.tei-c.org/ns/1.0"
XML = "http://www.w3.org/XML/1998/namespace"
Element: TypeAlias = Any  # the library gives its class no public name
# What XML cannot say, not even as a reference.
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def replace_illegal(text: str) -> str:
    r"""Replace characters that XML cannot hold with U+FFFD.

    >>> replace_illegal("a\x00b")
    'a\ufffdb'
    """
    return ILLEGAL.sub("\ufffd", text)


def to_token(text: str) -> str:
    """Join a text to one token of an attribute.

    >>> to_token("cut sentence")
    'cut-sentence'
    """
    return "-".join(replace_illegal(text).split())


def make_element(name: str, text: str = "", **attributes: str | None) -> Element:
    """Make an element of TEI; attributes that are None or empty are left out."""
    made: Element = etree.Element(f"{{{TEI}}}{name}")
    for key, value in attributes.items():
        if value:
            made.set(key.rstrip("_"), replace_illegal(value))
    add_text(made, text)
    return made


def add_element(parent: Element, name: str, text: str = "", **attributes: str | None) -> Element:
    """Add a new last child to an element."""
    made = make_element(name, text, **attributes)
    parent.append(made)
    return made


def add_text(parent: Element, text: str) -> None:
    """Add text after all that an element holds so far."""
    if not text:
        return
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + replace_illegal(text)
    else:
        parent.text = (parent.text or "") + replace_illegal(text)
