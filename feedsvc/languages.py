"""Which way a language is written, and how that is said: by ``dir`` in HTML, in plain text by a mark where needed.

The tables hold what the Unicode CLDR says of living languages and of scripts.
"""

import unicodedata
from functools import lru_cache
from itertools import takewhile
from typing import Literal

from feedsvc.model import Entry, Site

Direction = Literal["ltr", "rtl"]

RIGHT_TO_LEFT_MARK = "\u200f"
_SCRIPTS = (
    "adlm arab aran armi avst chrs cprt elym gara hatr hebr hung khar lydi mand mani mend merc mero narb nbat "
    "nkoo orkh ougr palm phli phlp phnx prti rohg samr sarb sidt sogd sogo syrc syre syrj syrn thaa yezi"
)
_LANGUAGES = (
    "ae ar dv fa he iw ji ks ps sd ug ur yi acm acq acw acx aeb aec afb aii ajp ajt apc apd ara arb arc arq ars "
    "ary arz ayl ayn ayp azb bal bcc bgn bgp bhe bqi brh bsk ckb dcc div drw fas fay fia glk haz hbo hac heb hnd "
    "hno jpr jrb kas khw kvx lad lah lki lrc luz mzn nqo pbt pbu per pes plk pnb prs pst pus rhg sam scl sdb sdh "
    "shu skr snd syc syr tmr trw uig urd uzs wbk wne wni yhd yid yud"
)
# regions in which a language is written the other way than elsewhere
_RIGHT_TO_LEFT_THERE = "az-iq az-ir ha-cm ha-sd kk-af kk-cn kk-ir kk-mn ku-iq ku-ir ku-lb ky-cn ms-cc pa-pk tg-pk uz-af"
_LEFT_TO_RIGHT_THERE = "sd-in ug-kz ug-mn"
# what those who read it call it
_NAMES = (
    "am አማርኛ, ar العربية, bn বাংলা, de Deutsch, fa فارسی, fr Français, gu ગુજરાતી, he עברית, hi हिन्दी, hy Հայերեն, "
    "it Italiano, ja 日本語, km ខ្មែរ, ko 한국어, lo ລາວ, ne नेपाली, pa ਪੰਜਾਬੀ, pl Polski, pt Português, ro Română, "
    "ru Русский, so Soomaali, sw Kiswahili, ta தமிழ், te తెలుగు, th ไทย, tr Türkçe, uk Українська, ur اردو, "
    "vi Tiếng Việt, zh 中文"
)
SCRIPTS = frozenset(_SCRIPTS.split())
LANGUAGES = frozenset(_LANGUAGES.split())
RIGHT_TO_LEFT_THERE = frozenset(_RIGHT_TO_LEFT_THERE.split())
LEFT_TO_RIGHT_THERE = frozenset(_LEFT_TO_RIGHT_THERE.split())

OWN_NAMES = {tag: name for tag, _, name in (each.partition(" ") for each in _NAMES.split(", "))}


@lru_cache(maxsize=64)
def direction(tag: str) -> Direction:
    """The direction of a language tag (RFC 5646): of its script if it names one, else of what is usual there."""
    language, *more = takewhile(lambda part: len(part) > 1, tag.lower().split("-"))
    script = next((part for part in more if len(part) == 4 and part.isalpha()), None)
    if script:
        return "rtl" if script in SCRIPTS else "ltr"
    there = next((f"{language}-{part}" for part in more if len(part) == 2), "")
    if there in RIGHT_TO_LEFT_THERE:
        return "rtl"
    return "rtl" if language in LANGUAGES and there not in LEFT_TO_RIGHT_THERE else "ltr"


def primary(tag: str) -> str:
    """The language of a tag without its script and region: ``es`` of ``es-MX``."""
    return tag.lower().partition("-")[0]


def spoken(entry: Entry, site: Site) -> str:
    """The language of the entry."""
    return entry.language or site.first_language


def explicit_direction(entry: Entry, site: Site) -> Direction | None:
    """The direction that feeds say of the entry, the same in all; None where all is from left to right."""
    own = direction(spoken(entry, site))
    return own if "rtl" in (own, direction(site.first_language)) else None


def marked(text: str, language: str) -> str:
    """Plain ``text`` such that who goes by its first letter, as readers do, takes it for what ``language`` is.

    Only text from right to left that begins with a letter from left to right, or has no letter, needs the mark.
    Isolates would reach further, but a title that is cut loses their end, and old readers show them as boxes.
    """
    if not text or direction(language) == "ltr":
        return text
    first = next(filter(("L", "R", "AL").__contains__, map(unicodedata.bidirectional, text)), "L")
    return RIGHT_TO_LEFT_MARK + text if first == "L" else text
