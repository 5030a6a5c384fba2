"""What a member's phone or a volunteer's program saves becomes pictures that are fit to publish.

Bytes in, finished pictures out: upright, in sRGB, in the sizes of one table, and without a word of metadata. Decoders
are code that hostile bytes break, so they run in children with limits (``worker``), never in this process; Pillow and
pi-heif are imported there alone. What else says something about a person is dealt with here, too: ``strip`` takes it
from pictures that are offered as they are, ``svg`` from drawings, and ``traces`` finds it in documents.
"""

from feedsvc.pictures.kept import Kept
from feedsvc.pictures.png import wrap_icon
from feedsvc.pictures.sizes import SETTINGS, WEBP, Made, PictureError, name_made
from feedsvc.pictures.sniff import BY_ENDING, PICTURES, sniff
from feedsvc.pictures.studio import Studio, StudioError
from feedsvc.pictures.svg import clean_svg

__all__ = [
    "BY_ENDING",
    "PICTURES",
    "SETTINGS",
    "WEBP",
    "Kept",
    "Made",
    "PictureError",
    "Studio",
    "StudioError",
    "clean_svg",
    "name_made",
    "sniff",
    "wrap_icon",
]
