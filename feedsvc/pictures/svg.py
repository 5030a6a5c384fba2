"""SVG is taken only if it can neither act, load nor lead anywhere; what says who made it is taken out."""

import re

from lxml import etree

from feedsvc.pictures.sizes import PictureError

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
DRAWING = frozenset(
    {
        *("circle", "clipPath", "defs", "desc", "ellipse", "g", "line", "linearGradient", "marker", "mask", "path"),
        *("pattern", "polygon", "polyline", "radialGradient", "rect", "stop", "style", "svg", "symbol", "text"),
        *("title", "tspan", "use"),
        *("feBlend", "feColorMatrix", "feComposite", "feFlood", "feGaussianBlur", "feMerge", "feMergeNode"),
        *("feOffset", "filter"),
    }
)
DESCRIPTIVE = frozenset({"desc", "metadata", "title"})
SIMPLER = "save it as plain SVG, with nothing but shapes in it"
_LEADS = re.compile(
    r"url\(\s*['\"]?\s*(?!#)|@import|@namespace|\\|(?:java|vb)script:|data:|expression\(", re.IGNORECASE
)
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def clean_svg(data: bytes) -> bytes:
    """The drawing, untouched if nothing in it says who made it; PictureError when it is not harmless."""
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        data = _without_doctype(data)
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise PictureError(f"is not well-formed SVG ({error.msg})", SIMPLER) from None
    if root.tag != f"{{{SVG}}}svg":
        raise PictureError("does not hold an SVG drawing", SIMPLER)
    is_touched = root.getprevious() is not None or root.getnext() is not None or b"<?" in data
    is_touched |= _clean(root)
    return etree.tostring(root) if is_touched else data


def _without_doctype(data: bytes) -> bytes:
    """The drawing without the declaration that old programs write; one with entities of its own is refused."""
    found = re.match(rb"(.{0,4000}?)<!DOCTYPE[^\[<>]*>", data, re.DOTALL)
    if not found or b"<!ENTITY" in data:
        raise PictureError("declares entities, which can fill the memory of whoever reads it", SIMPLER)
    return found[1] + data[found.end() :]


def _clean(element: etree._Element) -> bool:
    """Take out what says who made it, here and below; whether there was anything."""
    tag = element.tag
    if not isinstance(tag, str):  # a comment, an instruction or an entity
        return _take_out(element)
    name = etree.QName(tag)
    if name.namespace != SVG or name.localname in DESCRIPTIVE:
        return _take_out(element)
    if name.localname not in DRAWING:
        raise PictureError(f"holds <{name.localname}>, which does more than draw", SIMPLER)
    is_touched = False
    for attribute, value in list(element.attrib.items()):
        own = etree.QName(attribute)
        if own.namespace not in (None, XLINK) and attribute != _XML_SPACE:
            del element.attrib[attribute]
            is_touched = True
        elif own.localname.lower().startswith("on"):
            raise PictureError(f"has the attribute {own.localname}, which can act", SIMPLER)
        elif (own.localname == "href" and not str(value).startswith("#")) or _LEADS.search(str(value)):
            raise PictureError(f"leads elsewhere in {own.localname}", SIMPLER)
    if name.localname == "style" and _LEADS.search("".join(map(str, element.itertext()))):
        raise PictureError("leads elsewhere in its style", SIMPLER)
    for child in list(element):
        is_touched |= _clean(child)
    return is_touched


def _take_out(element: etree._Element) -> bool:
    """Without the text that follows it."""
    parent = element.getparent()
    if parent is not None:
        before, tail = element.getprevious(), element.tail or ""
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
        parent.remove(element)
    return True
