"""What is made of a picture's file becomes the noun."""

from feedsvc import urls
from feedsvc.content.files import HOME, File
from feedsvc.content.source import Picture
from feedsvc.model import Image, Rendition
from feedsvc.pictures.sizes import MASKABLE, TOUCH, WEBP


def image_of(file: File, alt: str, base_url: str) -> Image:
    """The noun for a picture that ``Files`` has let pass; ``alt`` is fit for XML."""
    renditions = [
        Rendition(
            url=urls.absolute(base_url, picture.path),
            media_type=picture.made.media_type,
            width=picture.made.width,
            height=picture.made.height,
        )
        for picture in file.pictures
    ]
    *smaller, largest = (rendition for rendition in renditions if rendition.media_type != WEBP)
    return Image(
        url=largest.url,
        alt=alt,
        media_type=largest.media_type,
        width=largest.width,
        height=largest.height,
        smaller=tuple(smaller),
        modern=tuple(rendition for rendition in renditions if rendition.media_type == WEBP),
    )


def home_icons(icon: File) -> tuple[Picture, Picture]:
    """What is made of the site's icon for home screens: one that is shown as it is, and one that is cut to a shape."""
    return icon.picture(HOME, TOUCH), icon.picture(HOME, MASKABLE)
