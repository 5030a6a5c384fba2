"""Files that updates offer; at the address of one that is only shown, the way to the picture that was made of it."""

from collections.abc import Iterator
from functools import partial

from feedsvc import urls
from feedsvc.documents.changed import Changed
from feedsvc.documents.moved import way
from feedsvc.documents.pictures import pictures_of
from feedsvc.documents.plan import Plan, purge_tags
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.kinds import ATTACHMENT
from feedsvc.model import Document
from feedsvc.pictures.sizes import WEBP


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """What is at the address of each file that the change may have touched."""
    for name in sorted(changed.files):
        path = urls.file_path(name)
        shown = [picture for picture in pictures_of(plan, name) if picture.made.media_type != WEBP]
        if plan.index.is_offered(name):
            facts = plan.files.facts(name)
            document = Document(path=path, kind=ATTACHMENT, media_type=facts.media_type, tags=purge_tags(file=name))
            yield make_recipe(document, partial(plan.files.read, name), facts.digest)
        elif shown:
            target = max(shown, key=lambda picture: (picture.made.width, picture.path)).path
            yield way(path, target)
        else:
            yield Absent(path)
