"""SVG is harmless, or it is refused; what tells of its author is taken out."""

from pathlib import Path

import pytest

from feedsvc.pictures.sizes import PictureError
from feedsvc.pictures.svg import clean_svg

SHIPPED = Path(__file__).parents[2] / "content" / "files" / "icon.svg"
OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


def drawing(inside: str) -> bytes:
    return f"{OPEN}{inside}</svg>".encode()


@pytest.mark.parametrize(
    "data",
    [
        SHIPPED.read_bytes(),
        drawing('<g id="a" fill="url(#b)"><path d="M0 0h1"/></g><use href="#a"/><use xlink:href="#a"/>'),
        drawing("<style>.a { fill: red }</style><text xml:space='preserve'>On</text>"),
    ],
)
def test_a_harmless_drawing_is_untouched(data: bytes) -> None:
    assert clean_svg(data) == data


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<script>alert(1)</script>", "holds <script>, which does more than draw"),
        ("<foreignObject><p/></foreignObject>", "holds <foreignObject>"),
        ("<animate attributeName='href'/>", "holds <animate>"),
        ("<image href='a.png'/>", "holds <image>"),
        ("<a href='#b'/>", "holds <a>"),
        ("<g onclick='x()'/>", "has the attribute onclick, which can act"),
        ("<g ONLOAD='x()'/>", "has the attribute ONLOAD, which can act"),
        ("<use href='https://elsewhere.example/a.svg#b'/>", "leads elsewhere in href"),
        ("<use xlink:href='data:image/svg+xml,x'/>", "leads elsewhere in href"),
        ("<g fill='url(https://elsewhere.example/)'/>", "leads elsewhere in fill"),
        ("<g style='background: url(\"//elsewhere.example\")'/>", "leads elsewhere in style"),
        ("<style>@import 'https://elsewhere.example/a.css'</style>", "leads elsewhere in its style"),
        ("<style>a{b:u\\72l(x)}</style>", "leads elsewhere in its style"),
    ],
)
def test_what_can_act_load_or_lead_elsewhere_is_refused(inside: str, words: str) -> None:
    with pytest.raises(PictureError) as caught:
        clean_svg(drawing(inside))
    assert str(caught.value).startswith(words)
    assert caught.value.fix == "save it as plain SVG, with nothing but shapes in it"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is not well-formed SVG"),
        (b"<svg", "is not well-formed SVG"),
        (b"<html/>", "does not hold an SVG drawing"),
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + drawing("&a;"), "declares entities"),
        (b"<!DOCTYPE svg [" + drawing(""), "declares entities"),
    ],
)
def test_what_is_no_drawing_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(PictureError, match=words):
        clean_svg(data)


def test_what_tells_of_its_author_is_taken_out() -> None:
    told = "<!-- Jane --><metadata><a>Jane</a></metadata><title>Jane</title>tail<g/>more<desc>Jane</desc>tail"
    told += "<g inkscape:label='Jane' id='a'/>"
    told += "<sodipodi:namedview docname='folder of jane/icon.svg'/>"
    names = ' xmlns:inkscape="http://inkscape" xmlns:sodipodi="http://sodipodi"'
    whole = drawing(told).replace(b" xmlns:xlink", names.encode() + b" xmlns:xlink")
    data = b"<?xml version='1.0'?><!-- by Jane --><!DOCTYPE svg PUBLIC 'a' 'b'>" + whole + b"<!-- Jane -->"
    cleaned = clean_svg(data)
    assert b"ane" not in cleaned
    assert b"jane" not in cleaned
    assert b'id="a"' in cleaned
    assert clean_svg(cleaned) == cleaned
