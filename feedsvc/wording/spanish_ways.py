"""Spanish on the pages that say how to follow, to search, and to show updates elsewhere."""

from feedsvc.wording.nouns import Embedding, Following, Poster, Searching

EMBEDDING = Embedding(
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
)

FOLLOWING = Following(
    title="Seguir: {title}",
    title_of_all="Seguir todos los avisos",
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
)

POSTER = Poster(
    link="Imprimir una hoja para la sala de descanso",
    heading="{title}: los avisos, en su propio teléfono",
    scan="Apunte aquí la cámara de su teléfono",
    expect=(
        "Los avisos nuevos llegan a su teléfono sin que los busque.",
        "Sin crear cuentas, sin dar su correo, sin rastreo.",
        "Puede dejarlo cuando quiera.",
    ),
    dates="Próximas fechas",
)

SEARCHING = Searching(
    title="Buscar",
    text="Su propio navegador busca en todos los avisos que hemos publicado. Nadie se entera de lo que busca.",
    label="Palabras o cómo empiezan",
    results="Lo que se encontró",
    found="Avisos encontrados: {number}",
    none="Ningún aviso tiene todas estas palabras.",
    looking="Buscando en años anteriores…",
    failed="No se pudo cargar una parte de los avisos. Inténtelo más tarde.",
    more="Mostrar más",
)
