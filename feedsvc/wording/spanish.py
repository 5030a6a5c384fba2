"""Spanish, as members in the United States and Mexico read it; it says "usted"."""

from feedsvc.wording.wording import Embedding, FileKinds, Following, Wording

SPANISH = Wording(
    name="Spanish",
    own_name="Español",
    skip="Ir al contenido",
    nav="Temas",
    subscribe="Seguir",
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
    older_updates="Avisos anteriores",
    of_year="{title} de {year}",
    empty_title="Todavía no hay avisos",
    empty_text=(
        "Aún no hemos publicado nada sobre este tema. Suscríbase ahora y le llegará el primer aviso en cuanto se "
        "publique."
    ),
    not_found_title="Esta página no existe",
    not_found_text="Puede que la dirección tenga un error o que la página se haya movido. Estas son las que tenemos:",
    deleted_title="Este aviso ya no está",
    deleted_text="Lo retiramos. Estas son las páginas que tenemos:",
    not_found_home="Ver los últimos avisos",
    how_title="Cómo seguirnos",
    how_text=(
        "Un canal («feed») lleva los avisos nuevos a su teléfono o computadora sin que tenga que buscarlos. "
        "Usted elige los temas y puede dejarlo cuando quiera."
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
    mixes_title="Varios temas en un solo canal",
    mixes_text="Un solo canal puede traerle varios temas, y cada aviso llega una sola vez.",
    mixes_legend="Temas que quiere seguir juntos",
    mixes_go="Ver este canal",
    mixes_none="No hay un canal para estos temas juntos. Sígalos por separado.",
    mixes_list="Todas las combinaciones",
    mixes_opml="Descargar este canal como lista (OPML)",
    everything_title="Seguir todos los temas",
    everything_text="Un solo archivo con todos los temas. Impórtelo en su aplicación para seguirlos todos de una vez.",
    everything_link="Descargar la lista de canales (OPML)",
    calendar_title="Fechas en su calendario",
    calendar_text=(
        "Los plazos y las reuniones llegan a su calendario y se mantienen al día. Los calendarios buscan cambios solo "
        "unas pocas veces al día; lo urgente llega por los canales. En Outlook, elija «Suscribirse desde la web» y "
        "pegue la dirección."
    ),
    calendar_app="Abrir en su calendario",
    calendar_google="Agregar a Google Calendar",
    calendar_of="{title} (calendario)",
    next_title="Reciba el próximo aviso",
    next_text=(
        "Copie la dirección y agréguela a una aplicación para leer canales. "
        "Sin crear cuentas, sin dar su correo, sin rastreo."
    ),
    published="Publicado el {when}",
    updated="Actualizado el {when}",
    by="Por {name}",
    corrected="Corregido el {when}:",
    withdrawn="Retirado el {when}:",
    withdrawn_title="Retirado: {title}",
    cancelled_title="Cancelado: {title}",
    replaced="Este aviso fue sustituido:",
    add_to_calendar="Agregar a su calendario",
    share="Compartir",
    copy_link="Copiar enlace",
    replaces="Este aviso sustituye a uno anterior.",
    translated="Lea este aviso en su idioma original.",
    urgent="Urgente",
    deadline="Fecha límite:",
    reminder="Recordatorio: {title}",
    event="Cuándo:",
    location="Dónde:",
    closed="Cerrado",
    coming="Próximas fechas",
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
    embedding=Embedding(
        invitation="Mostrar estos avisos en su sitio",
        title="Muestre nuestros avisos en su propio sitio",
        text=(
            "Las secciones hermanas y las organizaciones amigas pueden hacerlo. Copie una línea en su página y siempre "
            "mostrará los avisos más recientes. No usa cookies ni rastrea a nadie."
        ),
        choose="Elija qué mostrar",
        place="Tema",
        summaries="Con resúmenes",
        pictures="Con imágenes",
        count="Cuántos avisos",
        heading="Nivel de los títulos",
        scheme="Colores",
        schemes=("Según el dispositivo", "Claros", "Oscuros"),
        accent="Color de las líneas",
        preview="Vista previa",
        ready="Listo para copiar",
        ways=(
            ("Marco", "Funciona casi en todas partes y tiene nuestro aspecto. Sin programas en su página."),
            ("Elemento", "Toma el aspecto de su página y crece con su contenido. Requiere permiso para usar scripts."),
            ("Enlaces", "Los avisos más recientes tal como están hoy, donde no se permiten ni marcos ni scripts."),
            ("Dirección del canal", "Para los sistemas que muestran canales por sí mismos."),
        ),
        steps_title="Paso a paso",
        steps=(
            (
                "WordPress",
                (
                    "Agregue un bloque RSS y pegue la dirección de cualquiera de nuestras páginas: muestra títulos y, "
                    "si lo desea, fechas y resúmenes. O pegue la dirección de un aviso en una línea aparte: se "
                    "convierte en una tarjeta. Si puede usar HTML personalizado, también sirven el marco y el elemento."
                ),
            ),
            ("WordPress, widget clásico", "En Apariencia y Widgets, agregue RSS y pegue la dirección del canal."),
            (
                "Squarespace",
                "Agregue un bloque de código y pegue el marco. En los planes sin código, pegue los enlaces como texto.",
            ),
            (
                "Drupal",
                (
                    "Elija un formato de texto que permita marcos y pegue el marco, o instale el módulo Aggregator "
                    "e indíquele la dirección del canal."
                ),
            ),
            ("Wix", "Agregue «Insertar un sitio» e indique la dirección que está en el marco y empieza con https."),
            (
                "Teams",
                (
                    "En la aplicación Workflows, elija el desencadenador «Cuando se publica un elemento de fuente» y "
                    "pegue la dirección del canal. La dirección de un aviso en un chat se convierte en una tarjeta."
                ),
            ),
            (
                "Slack",
                (
                    "Escriba /feed subscribe y la dirección del canal en una conversación: cada aviso nuevo se publica "
                    "con su título y su resumen."
                ),
            ),
            (
                "Correo desde RSS",
                (
                    "Pegue la dirección del canal donde su servicio de correo la pida; cada aviso llega con su texto "
                    "completo."
                ),
            ),
        ),
        notes_title="Para quienes administran sitios",
        notes=(
            (
                "Si su sistema quita los scripts o los marcos al guardar, quedan el título y los enlaces que están "
                "dentro del elemento."
            ),
            (
                "Una página con política de seguridad de contenido permite nuestra dirección en frame-src para el "
                "marco; en script-src, connect-src e img-src para el elemento."
            ),
            (
                "Un «sandbox» alrededor del marco debe permitir scripts, ventanas nuevas, que estas salgan de él, y "
                "que quien lee navegue en la ventana principal. Sin eso no funciona ningún enlace."
            ),
            (
                "El marco envía su altura a su página como mensaje: un objeto cuyo message es height y cuyo value es "
                "un número de píxeles de 100 a 4000."
            ),
            (
                "El elemento toma los estilos de su página. Sus partes son feed, list, item, title, link, date, "
                "summary, picture, home y status; sus propiedades son --feedsvc-accent, --feedsvc-ground, "
                "--feedsvc-ink y --feedsvc-line."
            ),
        ),
        loading="Cargando los avisos más recientes…",
        empty="Todavía no hay avisos.",
        error="Ahora no es posible mostrar aquí los avisos más recientes. Los encuentra en nuestro sitio.",
    ),
    following=Following(
        title="Seguir: {title}",
        text=(
            "Un canal («feed») lleva los avisos nuevos a su teléfono o computadora sin que tenga que buscarlos: sin "
            "crear una cuenta aquí, sin dar su correo electrónico y solo hasta que usted lo deje."
        ),
        app_title="En una aplicación",
        app_text="La aplicación muestra los avisos nuevos cuando llegan. Es suya: no sabemos que usted nos sigue.",
        app_open="Abrir en una aplicación",
        app_share="Enviar a una aplicación",
        readers="En un lector en la web, con una cuenta allí:",
        code_title="De esta pantalla a su teléfono",
        code_text="Apunte la cámara de su teléfono a este código. Esta página se abre allí.",
        code_alt="Código QR con la dirección de esta página",
        mail_title="Por correo electrónico",
        mail_text=(
            "Estas son otras empresas. Le envían cada aviso y se enteran de su correo electrónico y de lo que sigue. "
            "Lo que hacen con eso lo dicen en sus propias páginas."
        ),
        steps_title="Paso a paso",
        steps=(
            (
                "iPhone",
                (
                    "Instale {app}. Es gratis y no pide crear una cuenta.",
                    "Vuelva a esta página y toque «Abrir en una aplicación».",
                    "En la aplicación, toque «Add». Desde entonces le llegarán los avisos.",
                ),
            ),
            (
                "Android",
                (
                    "Instale {app}. Es gratis y no pide crear una cuenta.",
                    "Vuelva a esta página y copie la dirección.",
                    "En la aplicación, toque el signo de más y pegue la dirección. Así le llegarán los avisos.",
                ),
            ),
            (
                "Computadora",
                (
                    "Instale {app}. Es gratis y no pide crear una cuenta.",
                    "Vuelva a esta página y copie la dirección.",
                    "En el programa, agregue una cuenta de canales, elija agregar un canal y pegue la dirección.",
                ),
            ),
        ),
        others="Seguir otra cosa",
    ),
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
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    short_months=("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"),
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    halves=("a.\N{NO-BREAK SPACE}m.", "p.\N{NO-BREAK SPACE}m."),
    leaf="{day} {month}",
    date="{day} de {month} de {year}",
    day="{weekday} {date}",
    span="{start} a {end}",
    clock="{hour}:{minute:02}\N{NO-BREAK SPACE}{half}",
    instant="{weekday} {date}, {clock} {zone}",
)
