"""Spanish, as members in the United States and Mexico read it; it says "usted"."""

from feedsvc.wording.wording import FileKinds, Wording

SPANISH = Wording(
    name="Spanish",
    skip="Ir al contenido",
    nav="Temas",
    subscribe="Suscribirse",
    promise=("Sin crear cuentas", "Sin dar su correo", "Sin rastreo"),
    promise_title="Nuestra promesa",
    promise_text=(
        "Para seguirnos no tiene que crear una cuenta ni dar su correo electrónico. Este sitio no usa cookies, no "
        "rastrea a quienes lo leen y no carga nada de otras empresas. Lo mejor es leerlo en su propio teléfono: "
        "su empleador puede ver qué sitios se visitan desde las computadoras y las redes del trabajo."
    ),
    contact="Contáctenos",
    document_title="{title} · {site}",
    latest="Últimos avisos",
    latest_empty="Todavía no hay avisos. Suscríbase ahora y le llegará el primero en cuanto se publique.",
    subjects="Temas",
    all_updates="Todos los avisos",
    all_updates_text="Todo lo que publicamos, sobre todos los temas.",
    feeds_of="Canales",
    updates="Avisos",
    empty_title="Todavía no hay avisos",
    empty_text=(
        "Aún no hemos publicado nada sobre este tema. Suscríbase ahora y le llegará el primer aviso en cuanto se "
        "publique."
    ),
    not_found_title="Esta página no existe",
    not_found_text="Puede que la dirección tenga un error o que la página se haya movido. Estas son las que tenemos:",
    not_found_home="Ver los últimos avisos",
    how_title="Cómo suscribirse",
    how_text=(
        "Un canal («feed») lleva los avisos nuevos a su teléfono o computadora sin que tenga que buscarlos. "
        "Usted elige los temas y puede dejarlo cuando quiera."
    ),
    how_steps=(
        (
            "Instale una aplicación para leer canales",
            (
                "Muchas son gratuitas y no piden crear una cuenta: por ejemplo, NetNewsWire en iPhone, Feeder "
                "en Android o Thunderbird en una computadora."
            ),
        ),
        ("Copie una dirección", "Elija abajo lo que quiere seguir y copie su dirección."),
        (
            "Péguela en la aplicación",
            "Busque «Agregar» (o «Add») o un signo de más y pegue la dirección. Desde entonces le llegarán los avisos.",
        ),
    ),
    addresses="Elija qué quiere seguir",
    other_formats="Otros formatos",
    copy="Copiar",
    copied="Copiado",
    address_of="la dirección de {title}",
    formats_title="¿Qué formato elegir?",
    format_purposes={
        "rss.xml": "Lo leen todas las aplicaciones. Si tiene dudas, elija este.",
        "atom.xml": "Los mismos avisos, para las aplicaciones que prefieren Atom.",
        "feed.json": "Los mismos avisos, para los sitios web y programas que quieran mostrarlos.",
    },
    format_purpose_unknown="Los mismos avisos, para las aplicaciones que piden este formato.",
    everything_title="Seguir todos los temas",
    everything_text="Un solo archivo con todos los temas. Impórtelo en su aplicación para seguirlos todos de una vez.",
    everything_link="Descargar la lista de canales (OPML)",
    next_title="Reciba el próximo aviso",
    next_text=(
        "Copie la dirección y agréguela a una aplicación para leer canales. "
        "Sin crear cuentas, sin dar su correo, sin rastreo."
    ),
    all_ways="Todos los temas y cómo funciona",
    published="Publicado el {when}",
    updated="Actualizado el {when}",
    by="Por {name}",
    corrected="Corregido el {when}:",
    deadline="Fecha límite:",
    event="Cuándo:",
    location="Dónde:",
    closed="Cerrado",
    over="Terminado",
    expired="Este aviso ya no está vigente.",
    expired_since="Se conserva como referencia. Dejó de estar vigente el {when}.",
    more_at="Más información en {host}",
    write_to="Escribir a {address}",
    read_whole="Leer el aviso completo",
    attachments="Archivos adjuntos",
    attachments_lead="Archivos adjuntos:",
    table="Tabla",
    related="Avisos relacionados",
    neighbours="Avisos anteriores y posteriores",
    newer="Más reciente",
    older="Más antiguo",
    about_title="Acerca de este canal: {subject}",
    about_subject="Su suscripción está lista. Aquí aparecerán los avisos sobre {subject}.",
    about_site="Su suscripción está lista. Aquí aparecerán todos los avisos de {subject}.",
    feed_comment="Este es un canal de avisos. Para seguirlo, agregue {url} a una aplicación para leer canales.",
    file_facts="{kind}, {size}",
    file_kinds=FileKinds(
        pdf="PDF",
        word="Documento de Word",
        excel="Hoja de Excel",
        powerpoint="Presentación de PowerPoint",
        odt="Documento ODT",
        ods="Hoja de cálculo ODS",
        text="Texto",
        csv="Tabla CSV",
        calendar="Archivo de calendario",
        epub="Libro EPUB",
        zip="Archivo ZIP",
        image="Imagen",
        audio="Audio",
        video="Video",
    ),
    byte="{number}\N{NO-BREAK SPACE}byte",
    octets="{number}\N{NO-BREAK SPACE}bytes",
    kilobytes="{number:.0f}\N{NO-BREAK SPACE}kB",
    megabytes="{number:.1f}\N{NO-BREAK SPACE}MB",
    months=(
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
    short_months=("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"),
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    halves=("a.\N{NO-BREAK SPACE}m.", "p.\N{NO-BREAK SPACE}m."),
    leaf="{day} {month} {year}",
    date="{day} de {month} de {year}",
    day="{weekday} {date}",
    span="{start} a {end}",
    clock="{hour}:{minute:02}\N{NO-BREAK SPACE}{half}",
    instant="{weekday} {date}, {clock} {zone}",
)
