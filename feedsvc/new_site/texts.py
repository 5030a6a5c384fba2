"""What a new site says before its officers have written anything, in each language of ours."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The words of a new site; ``{name}`` is the local's.

    ``categories`` are slug, title and description. The first update is ``first_slug``, ``first_title`` and so on.
    """

    title: str
    description: str
    rights: str
    categories: tuple[tuple[str, str, str], ...]
    first_slug: str
    first_title: str
    first_summary: str
    first_body: str


ENGLISH = Texts(
    title="{name} updates",
    description="News for members of {name}.",
    rights="© {name}. You may show and share these updates if you name us as their source (CC BY 4.0).",
    categories=(
        ("news", "News", "What members should know first."),
        ("bargaining", "Bargaining", "What we negotiate, what members voted, and what must stay the same meanwhile."),
        ("safety", "Safety", "Equipment, staffing, violence at work, and what the employer has to do about it."),
        ("pay", "Pay", "Raises, schedules of pay and benefits, and how to check what you get."),
    ),
    first_slug="how-to-follow-us",
    first_title="How to follow us",
    first_summary="Our news comes to your telephone, your mail or your feed reader, without an account.",
    first_body=(
        "From now on our news stands here.\n\n"
        "- **Open this site** whenever you like, and keep it among your bookmarks.\n"
        "- **Follow it** with a feed reader: every page says below *Subscribe* which address to copy.\n"
        "- **Show it** on a page of your own: other sites may show our updates, too."
    ),
)
SPANISH = Texts(
    title="Novedades de {name}",
    description="Noticias para los miembros de {name}.",
    rights="© {name}. Puede mostrar y compartir estas novedades si nos nombra como su fuente (CC BY 4.0).",
    categories=(
        ("noticias", "Noticias", "Lo que los miembros deben saber primero."),
        (
            "negociacion",
            "Negociación",
            "Lo que negociamos, lo que votaron los miembros y lo que mientras tanto no debe cambiar.",
        ),
        ("seguridad", "Seguridad", "Equipo, personal, violencia en el trabajo, y lo que debe hacer el empleador."),
        ("salario", "Salario", "Aumentos, tablas de salarios y prestaciones, y cómo comprobar lo que recibe."),
    ),
    first_slug="como-seguirnos",
    first_title="Cómo seguirnos",
    first_summary="Nuestras noticias le llegan al teléfono, al correo o a su lector de noticias, sin cuenta.",
    first_body=(
        "Desde ahora, nuestras noticias están aquí.\n\n"
        "- **Abra este sitio** cuando quiera y guárdelo entre sus favoritos.\n"
        "- **Sígalo** con un lector de noticias: cada página dice, bajo *Suscribirse*, qué dirección copiar.\n"
        "- **Muéstrelo** en una página suya: otros sitios también pueden mostrar nuestras novedades."
    ),
)
TEXTS = {"en": ENGLISH, "es": SPANISH}


def find_texts(language: str) -> Texts:
    """The words in a language tag's language; in English where there are none."""
    return TEXTS.get(language.lower().partition("-")[0], ENGLISH)
