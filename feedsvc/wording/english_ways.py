"""English on the pages that say how to follow, to search, and to show updates elsewhere."""

from feedsvc.wording.nouns import Embedding, Following, Poster, Searching

EMBEDDING = Embedding(
    invitation="Show these updates on your site",
    title="Show our updates on your own site",
    text=(
        "Sister locals and partners are welcome to. Copy a line into your page, and it always shows the newest "
        "updates. It sets no cookies and tracks nobody."
    ),
    choose="Choose what to show",
    place="Subject",
    summaries="With summaries",
    pictures="With pictures",
    count="How many updates",
    heading="Level of the headings",
    scheme="Colors",
    schemes=("As the device is set", "Light", "Dark"),
    accent="Color of the lines",
    preview="Preview",
    ready="Ready to copy",
    ways=(
        ("Frame", "Works almost everywhere and looks like us. No script on your page."),
        ("Element", "Looks like your page and grows with its content. Needs permission to use scripts."),
        ("Links", "The newest updates as they are today, where neither frames nor scripts are allowed."),
        ("Feed address", "For systems that show feeds by themselves."),
    ),
    steps_title="Step by step",
    steps=(
        (
            "WordPress",
            (
                "Add an RSS block and paste the address of any of our pages: it shows titles and, if you like, "
                "dates and summaries. Or paste the address of one update on a line of its own: it becomes a card. "
                "If you may use custom HTML, the frame and the element work, too."
            ),
        ),
        ("WordPress, classic widget", "Under Appearance and Widgets, add RSS and paste the feed address."),
        ("Squarespace", "Add a code block and paste the frame. On plans without code, paste the links as text."),
        (
            "Drupal",
            (
                "Choose a text format that allows frames and paste the frame, or install the module Aggregator "
                "and give it the feed address."
            ),
        ),
        ("Wix", "Add “Embed a site” and give it the address inside the frame, which begins with https."),
        (
            "Teams",
            (
                "In the app Workflows, choose the trigger “When a feed item is published” and paste the feed "
                "address. The address of an update in a chat becomes a card."
            ),
        ),
        (
            "Slack",
            (
                "Write /feed subscribe and the feed address in a channel: each new update is posted with its "
                "title and summary."
            ),
        ),
        (
            "Mail from RSS",
            "Paste the feed address where your mail service asks for one; each update comes with its whole text.",
        ),
    ),
    notes_title="For webmasters",
    notes=(
        ("If your system removes scripts or frames when it saves, the heading and the links inside the element stay."),
        (
            "A page with a content security policy allows our address in frame-src for the frame; in script-src, "
            "connect-src and img-src for the element."
        ),
        (
            "A sandbox around the frame must allow scripts, popups, popups to escape the sandbox, and navigation "
            "at the top by the user. Without them no link works."
        ),
        (
            "The frame sends its height to your page as a message: an object whose message is height and whose "
            "value is a number of pixels from 100 to 4000."
        ),
        (
            "The element takes the styles of your page. Its parts are feed, list, item, title, link, date, "
            "summary, picture, home and status; its properties are --feedsvc-accent, --feedsvc-ground, "
            "--feedsvc-ink and --feedsvc-line."
        ),
    ),
    loading="Loading the newest updates…",
    empty="There is nothing yet.",
    error="The newest updates cannot be shown here right now. You find them on our site.",
)

FOLLOWING = Following(
    title="Follow {title}",
    title_of_all="Follow all updates",
    text=(
        "A feed brings new updates to your phone or computer by itself: without an account here, without your "
        "email address, and only until you stop it."
    ),
    app_title="In a feed app",
    app_text="The app shows new updates as they come. It is yours: we never learn that you follow us.",
    app_open="Open in a feed app",
    app_share="Send to an app",
    readers="In a reader on the web, with an account there:",
    code_title="From this screen to your phone",
    code_text="Point the camera of your phone at this code. This page opens there.",
    code_alt="QR code with the address of this page",
    mail_title="By email",
    mail_text=(
        "These are other companies. They send you each update, and they learn your email address and what you "
        "follow. What they do with that, they say on their own pages."
    ),
    steps_title="Step by step",
    steps=(
        (
            "iPhone",
            (
                "Install {app}. It is free and needs no account.",
                "Come back to this page and tap “Open in a feed app”.",
                "In the app, tap “Add”. New updates now come to you.",
            ),
        ),
        (
            "Android",
            (
                "Install {app}. It is free and needs no account.",
                "Come back to this page and copy the address.",
                "In the app, tap the plus sign and paste. New updates now come to you.",
            ),
        ),
        (
            "Computer",
            (
                "Install {app}. It is free and needs no account.",
                "Come back to this page and copy the address.",
                "In the program, add a feed account, choose to add a feed, and paste.",
            ),
        ),
    ),
    others="Follow something else",
)

POSTER = Poster(
    link="Print a sheet for the break room",
    heading="{title}: news on your own phone",
    scan="Point the camera of your phone here",
    expect=(
        "New updates come to your phone by themselves.",
        "No account, no email address, no tracking.",
        "You can stop whenever you like.",
    ),
    dates="Next dates",
)

SEARCHING = Searching(
    title="Search",
    text="Your own browser looks through every update that we ever posted. Nobody learns what you look for.",
    label="Words, or how they begin",
    results="What was found",
    found="Updates found: {number}",
    none="No update has all of these words.",
    looking="Looking through earlier years…",
    failed="A part of the updates could not be loaded. Try again later.",
    more="Show more",
)
