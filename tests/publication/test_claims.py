"""Which of several files yields."""

from dataclasses import replace
from typing import Any

import pytest

from feedsvc.publication.catalogue import Listed
from feedsvc.publication.claims import Claims

X = Listed(
    source="content/updates/x.yaml",
    id="tag:x",
    slug="x",
    title="X",
    published=1_000_000,
    expires=None,
    categories=("covid",),
    digest="",
    draft=False,
    files=(),
    related=(),
)


@pytest.mark.parametrize(
    ("name", "changes", "loser"),
    [
        ("a", {"published": X.published + 1}, "a"),
        ("a", {"published": X.published}, "x"),
        ("x-copy", {"published": X.published}, "x-copy"),
        ("a", {"published": X.published - 1}, "x"),
        ("a", {"published": X.published - 1, "draft": True}, "a"),
    ],
)
@pytest.mark.parametrize("claim", [{"id": "tag:other"}, {"slug": "other"}])
def test_of_two_the_later_published_yields_and_a_draft_always(
    name: str, changes: dict[str, Any], loser: str, claim: dict[str, Any]
) -> None:
    other = replace(X, source=f"content/updates/{name}.yaml", **changes, **claim)
    claims = Claims()
    for listed in (other, X):
        claims.put(listed)
    assert claims.losers([other]) == {f"content/updates/{loser}.yaml": {X.source, other.source}}
