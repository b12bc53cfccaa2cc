"""XML as the formats write it, and as anybody may have written it."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, indent, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from webapp.pages.interchange.values import bad_boxes

# XML 1.0 has no place for these, not even as numbers.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DEEPEST = 200


def node(tag: str, *children: Element, text: object = "", **attributes: object) -> Element:
    """An element. attributes: those that are None are left out; "id_" stands for "id"."""
    found = Element(tag)
    for name, value in attributes.items():
        if value is not None:
            found.set(name.rstrip("_"), clean(str(value)))
    if text:
        found.text = clean(str(text))
    found.extend(children)
    return found


def clean(text: str) -> str:
    """The text without what XML cannot hold; a file's name may have it."""
    return _NOT_XML.sub("\ufffd", text)


def to_xml(root: Element) -> bytes:
    """A whole document in UTF-8."""
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"


def read_xml(data: bytes, name: str) -> Element:
    """The root of a document. No entity is expanded, and nothing outside the file is read.

    Raises:
        BadBoxes: it is not XML, or declares entities.
    """
    try:
        root = fromstring(data)
    except DefusedXmlException:
        hint = "save it without a list of entities"
        raise bad_boxes(name, "the file declares entities, which are not read", hint) from None
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise bad_boxes(name, f"this is not XML that can be read: {error}") from None
    _check_depth(root, name)
    return root


def _check_depth(root: Element, name: str) -> None:
    level = [root]
    for _ in range(_DEEPEST):
        level = [child for one in level for child in one]
        if not level:
            return
    raise bad_boxes(name, f"its elements stand more than {_DEEPEST} deep in each other")


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def named(element: Element, *names: str) -> Iterator[Element]:
    """Elements of these names at any depth, in the order of the file."""
    return (one for one in element.iter() if local(one) in names)


def children(element: Element, *names: str) -> list[Element]:
    """Its children of these names."""
    return [one for one in element if local(one) in names]
