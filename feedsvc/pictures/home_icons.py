"""The site's icon for home screens: without holes, which they fill with black, and with room for what they cut off.

It is made of what was made before, never of a source, so that no decoder meets hostile bytes here.
"""

from io import BytesIO

from PIL import Image

from feedsvc.pictures.cards import as_png
from feedsvc.pictures.sizes import MASKABLE, TOUCH, Made

NIGHT = (12, 37, 54)  # below an icon that has no ground of its own
SAFE = 0.8  # of the width: the circle that no home screen cuts into
INSIDE = {TOUCH: 1.0, MASKABLE: SAFE / 2**0.5}  # how wide the icon is, of the whole: its corners stay in the circle


def draw_home_icon(octets: bytes, made: Made) -> bytes:
    """The icon, a square PNG, as one of these, on the ground that it has itself below the middle of its upper edge."""
    icon = Image.open(BytesIO(octets)).convert("RGBA")
    ground = icon.getpixel((icon.width // 2, icon.height // 50))
    colour = ground[:3] if isinstance(ground, tuple) and ground[3] == 255 else NIGHT
    side = round(made.width * INSIDE[made])
    scaled = icon.resize((side, side), Image.Resampling.LANCZOS)
    image = Image.new("RGB", (made.width, made.height), colour)
    edge = (made.width - side) // 2
    image.paste(scaled, (edge, edge), scaled)
    return as_png(image, 7)
