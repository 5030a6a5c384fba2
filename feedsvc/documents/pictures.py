"""Pictures as they were made of files, at addresses that never change."""

from collections.abc import Iterator
from functools import partial

from feedsvc.content.source import Picture
from feedsvc.documents.changed import Changed
from feedsvc.documents.plan import Plan, purge_tags
from feedsvc.documents.recipe import Absent, Recipe, make_recipe
from feedsvc.kinds import PICTURE
from feedsvc.model import Document


def recipes(plan: Plan, changed: Changed) -> Iterator[Recipe | Absent]:
    """What was made of each file that the change may have touched, where it is shown."""
    made = {picture.path: picture for name in sorted(changed.files) for picture in pictures_of(plan, name)}
    for path, picture in made.items():  # of two files with equal bytes and names, one
        document = Document(path=path, kind=PICTURE, media_type=picture.made.media_type, tags=purge_tags())
        yield make_recipe(document, partial(plan.files.octets, picture))
    for path in sorted(changed.pictures - made.keys()):
        if not plan.index.is_shown(path) and path not in {picture.path for picture in plan.site_pictures}:
            yield Absent(path)


def pictures_of(plan: Plan, file: str) -> list[Picture]:
    """What was made of a file and is shown, by an update or by the site."""
    return [*plan.index.pictures(file), *(picture for picture in plan.site_pictures if picture.file == file)]
