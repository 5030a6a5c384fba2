"""English, as in the United States."""

from feedsvc.wording.wording import Embedding, FileKinds, Following, Wording

ENGLISH = Wording(
    name="English",
    own_name="English",
    skip="Skip to the content",
    nav="Subjects",
    subscribe="Follow",
    promise=("No account", "No e-mail address", "No tracking"),
    promise_title="Our promise",
    promise_text=(
        "Following us needs no account and no e-mail address. This site sets no cookies, does not track who reads it, "
        "and loads nothing from other companies. Your own phone is the best place to read: an employer can see "
        "which sites its own computers and networks visit."
    ),
    contact="Contact us",
    document_title="{title} · {site}",
    latest="Latest updates",
    latest_empty="Nothing here yet. Subscribe now, and the first update will come to you.",
    subjects="Subjects",
    all_updates="All updates",
    all_updates_text="Everything we post, on every subject.",
    feeds_of="Feeds",
    updates="Updates",
    older_updates="Older updates",
    of_year="{title} {year}",
    empty_title="Nothing here yet",
    empty_text="We have not posted on this subject so far. Subscribe now, and the first update will come to you.",
    not_found_title="This page is not here",
    not_found_text="The address may be mistyped, or the page has moved. These are the pages that we have:",
    deleted_title="This update is gone",
    deleted_text="We took it down. These are the pages that we have:",
    not_found_home="See the latest updates",
    how_title="How to follow us",
    how_text=(
        "A feed brings new updates to your phone or computer by itself. "
        "You choose the subjects, and you can stop whenever you like."
    ),
    addresses="Pick what to follow",
    other_formats="Other formats",
    copy="Copy",
    copied="Copied",
    address_of="the address of {title}",
    formats_title="Which format?",
    format_purposes={
        "rss.xml": "Every feed app reads it. Take this one if you are not sure.",
        "atom.xml": "The same updates for apps that prefer Atom.",
        "feed.json": "The same updates for websites and programs that want to show them.",
    },
    format_purpose_unknown="The same updates for apps that ask for this format.",
    mixes_title="Several subjects in one feed",
    mixes_text="One feed can bring you several subjects, and each update comes only once.",
    mixes_legend="Subjects to follow together",
    mixes_go="Show this feed",
    mixes_none="There is no feed for these together. Follow them one by one.",
    mixes_list="All combinations",
    mixes_opml="Download this feed as a list (OPML)",
    everything_title="Take everything",
    everything_text="One file with every subject. Import it into your feed app to follow them all at once.",
    everything_link="Download the list of feeds (OPML)",
    calendar_title="Dates in your calendar",
    calendar_text=(
        "Deadlines and meetings come into your calendar and stay up to date. Calendars look for changes a few times a "
        "day at most, so urgent news comes by feed. In Outlook, choose “Subscribe from web” and paste the address."
    ),
    calendar_app="Open in your calendar",
    calendar_google="Add to Google Calendar",
    calendar_of="{title} (calendar)",
    next_title="Get the next update",
    next_text="Copy the address and add it to a feed app. No account, no e-mail address, no tracking.",
    published="Published {when}",
    updated="Updated {when}",
    by="By {name}",
    corrected="Corrected {when}:",
    withdrawn="Withdrawn {when}:",
    withdrawn_title="Withdrawn: {title}",
    cancelled_title="Cancelled: {title}",
    replaced="This update was replaced:",
    add_to_calendar="Add to your calendar",
    share="Share",
    copy_link="Copy link",
    replaces="This replaces an earlier update.",
    translated="Read this update in its first language.",
    urgent="Urgent",
    deadline="Deadline:",
    reminder="Reminder: {title}",
    event="When:",
    location="Where:",
    closed="Closed",
    coming="Coming up",
    over="Over",
    expired="This update has expired.",
    expired_since="It is kept for reference and stopped being current on {when}.",
    more_at="More at {host}",
    write_to="Write to {address}",
    read_whole="Read the whole update",
    attachments="Attachments",
    attachments_lead="Attachments:",
    table="Table",
    related="Related updates",
    neighbours="Newer and older updates",
    newer="Newer",
    older="Older",
    about_title="About this feed: {subject}",
    about_subject="You are subscribed. Updates on {subject} will appear here.",
    about_site="You are subscribed. All updates of {subject} will appear here.",
    feed_comment="This is a feed. To follow these updates, add {url} to a feed reader.",
    embedding=Embedding(
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
            (
                "If your system removes scripts or frames when it saves, the heading and the links inside the element "
                "stay."
            ),
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
    ),
    following=Following(
        title="Follow {title}",
        text=(
            "A feed brings new updates to your phone or computer by itself: without an account here, without your "
            "e-mail address, and only until you stop it."
        ),
        app_title="In a feed app",
        app_text="The app shows new updates as they come. It is yours: we never learn that you follow us.",
        app_open="Open in a feed app",
        app_share="Send to an app",
        readers="In a reader on the web, with an account there:",
        code_title="From this screen to your phone",
        code_text="Point the camera of your phone at this code. This page opens there.",
        code_alt="QR code with the address of this page",
        mail_title="By e-mail",
        mail_text=(
            "These are other companies. They send you each update, and they learn your e-mail address and what you "
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
    ),
    file_facts="{kind}, {size}",
    file_kinds=FileKinds(
        pdf="PDF",
        word="Word document",
        excel="Excel sheet",
        powerpoint="PowerPoint slides",
        odt="ODT document",
        ods="ODS sheet",
        text="Text",
        csv="CSV table",
        calendar="Calendar file",
        epub="EPUB book",
        zip="ZIP file",
        image="Image",
        audio="Audio",
        video="Video",
    ),
    byte="{number}\N{NO-BREAK SPACE}byte",
    octets="{number}\N{NO-BREAK SPACE}bytes",
    kilobytes="{number:.0f}\N{NO-BREAK SPACE}kB",
    megabytes="{number:.1f}\N{NO-BREAK SPACE}MB",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    short_months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    halves=("am", "pm"),
    leaf="{month} {day}",
    date="{month} {day}, {year}",
    day="{weekday}, {date}",
    span="{start} to {end}",
    clock="{hour}:{minute:02} {half}",
    instant="{weekday}, {date}, {clock} {zone}",
)
