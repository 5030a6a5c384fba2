from lxml import html

from feedsvc.errors import Note, Problem
from feedsvc.pages.desk import desk_page
from tests.make import make_site


def test_what_is_wrong_stands_above_what_is_noted_and_each_as_the_file_has_it() -> None:
    """By line, which text does not sort by: line 10 comes behind line 9."""
    places = (9, 10, 100)
    problems = [Problem(file="site.yaml", line=line, message="wrong", fix="mend it") for line in places]
    page: html.HtmlElement = html.document_fromstring(
        desk_page(make_site(), [], [*map(Note.of, problems), *problems]).decode()
    )
    said = [(text.get("class"), text.text_content().split(":")[1]) for text in page.xpath("//pre")]
    assert said == [(kind, str(line)) for kind in ("", "note") for line in places]
