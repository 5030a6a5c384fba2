"""QR codes, drawn into the page: black on white with four modules of white around, whatever scheme the page has."""

from functools import lru_cache
from io import BytesIO

from markupsafe import Markup

QUIET = 4  # modules of white around a code, which readers need (ISO/IEC 18004)


@lru_cache(maxsize=256)  # to choose among the patterns takes longer than all else on a page
def draw_code(url: str, label: str) -> Markup:
    """The code of an address as inline SVG; ``label`` says in words what it is."""
    import segno  # noqa: PLC0415  # it loads TLS, and a publish with nothing to do draws nothing

    drawn = BytesIO()
    code = segno.make(url, error="m", micro=False)
    code.save(
        drawn, kind="svg", border=QUIET, dark="#000", light="#fff", xmldecl=False, svgns=False, svgclass="code",
        lineclass=None, omitsize=True, nl=False,
    )  # fmt: skip
    svg = Markup(drawn.getvalue().decode())  # noqa: S704 - numbers and our own constants
    return Markup('<svg role="img" aria-label="{}" ').format(label) + svg.removeprefix("<svg ")
