"""What is said on single pages, and of files: the parts of a wording that are values of their own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKinds:
    """What people call the files that updates offer."""

    pdf: str
    word: str
    excel: str
    powerpoint: str
    odt: str
    ods: str
    text: str
    csv: str
    calendar: str
    epub: str
    zip: str
    image: str
    audio: str
    video: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedding:
    """What is said to webmasters who show the updates on their own site, and where they do."""

    invitation: str
    title: str
    text: str
    choose: str
    place: str
    summaries: str
    pictures: str
    count: str
    heading: str
    scheme: str
    schemes: tuple[str, str, str]  # as the reader's device has it, light, dark
    accent: str
    preview: str
    ready: str
    ways: tuple[tuple[str, str], ...]  # a frame, an element, links, a feed
    steps_title: str
    steps: tuple[tuple[str, str], ...]  # by system
    notes_title: str
    notes: tuple[str, ...]
    loading: str
    empty: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """How to follow a place, on the page that the Follow button leads to; a step has the name of an app in it."""

    title: str
    title_of_all: str
    text: str
    app_title: str
    app_text: str
    app_open: str
    app_share: str
    readers: str
    code_title: str
    code_text: str
    code_alt: str
    mail_title: str
    mail_text: str
    steps_title: str
    steps: tuple[tuple[str, tuple[str, str, str]], ...]  # by kind of device: iPhone, Android, computer
    others: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """What stands on the sheet for a break room."""

    link: str
    heading: str
    scan: str
    expect: tuple[str, str, str]
    dates: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching:
    """What the page that searches says."""

    title: str
    text: str
    label: str
    results: str
    found: str
    none: str
    looking: str
    failed: str
    more: str
