"""The command line: ``feedsvc serve``, ``check``, ``publish``, ``export``, ``new`` and ``status``."""

import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from feedsvc.content import UnsettledError, load_content, load_site, source_name
from feedsvc.content.folder import SITE
from feedsvc.content.ledger import LEDGER, new_lines, read_ledger, record
from feedsvc.content.new_update import NewUpdate, NewUpdateError, write_new_update
from feedsvc.content.source import Content
from feedsvc.errors import LINE_AT_MOST, ContentError, Note, cut, printable, report
from feedsvc.exporting.directory import ExportError, check_target, export_directory
from feedsvc.logs import configure_logs
from feedsvc.publication.overview import survey
from feedsvc.publication.reader import Reader, StoreError
from feedsvc.publication.store import Store
from feedsvc.publishing.publisher import MovedError, Outcome, Publisher, Request
from feedsvc.publishing.quarantine import ChildDiedError, outlive
from feedsvc.publishing.rendering import Progress
from feedsvc.publishing.watcher import Watcher
from feedsvc.settings import Settings, SettingsError, check_content, check_publication, clock, now, read_settings

if TYPE_CHECKING:
    from werkzeug.serving import BaseWSGIServer

SHOW_PROGRESS_AFTER = 1.0  # seconds
OTHER_PLACE = "give another --host or --port"


class ListenError(Exception):
    """Nobody can listen at the address asked for."""


FAULTS = (
    ChildDiedError,
    ContentError,
    ExportError,
    ListenError,
    MovedError,
    SettingsError,
    StoreError,
    NewUpdateError,
    UnsettledError,
    OSError,
)
NEW_ADDRESS = "Publish even if every link moves to another base URL than that of the publication."
PREVIEW = "preview.db"  # beside the publication: what is tried at home must not replace what is served


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="feedsvc")
def main() -> None:
    """Publish updates as feeds and pages. Settings are FEEDSVC_ variables; the README lists them."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port to listen on.")
def serve(host: str, port: int) -> None:
    """Publish the content and serve it on this machine, to look at while you change it."""
    with _explained():
        given = _given()
        preview = given.publication.with_name(PREVIEW)
        # the watcher publishes
        settings = replace(given, publication=preview, pictures=given.kept_pictures, publisher=False)
        server = _listen(host, port, settings)
        address = f"http://{f'[{host}]' if ':' in host else host}:{server.server_port}/"
        settings = replace(settings, base_url=settings.base_url or address)
        _say(_publish(settings))
        configure_logs(settings.log)
        watcher = Watcher(settings, clock)
        threading.Thread(target=watcher.run, daemon=True).start()
        click.echo(f"Serving at {address} (stop with Ctrl+C)")
        server.serve_forever()  # until Ctrl+C, after which it closes by itself
        watcher.stop()
        click.echo("Stopped.")


@main.command()
@click.option("--strict", is_flag=True, help="Exit with 1 if there is anything to note, too.")
@click.option("--record", "is_recording", is_flag=True, help="Add the updates that are public now to the ledger.")
def check(*, strict: bool, is_recording: bool) -> None:
    """Say everything that is wrong with the content; exit 1 if anything is.

    A note names what will be published, but probably not as it is meant.
    """
    with _explained():
        settings, as_of = _given(), now()
        content = _load(settings, as_of)
        if content.notes:
            click.echo(report(content.notes), err=True)
        _say_ledger(settings.content, content, as_of, is_recording=is_recording)
        if content.problems:
            raise ContentError(content.problems)
        click.echo(_summary(content))
        if strict and content.notes:
            sys.exit(1)


@main.command()
@click.option("--watch", "is_watching", is_flag=True, help="Stay, and publish whenever the content changes.")
@click.option("--confirm-removal", is_flag=True, help="Publish even if more than half of all updates would vanish.")
@click.option("--new-address", is_flag=True, help=NEW_ADDRESS)
@click.option("--parent", type=int, hidden=True, help="With --watch: stop when this is no longer the parent process.")
@click.option("--logged", is_flag=True, hidden=True, help="Say what happens as log lines, and never fail.")
def publish(*, is_watching: bool, confirm_removal: bool, new_address: bool, parent: int | None, logged: bool) -> None:
    """Bring the publication up to date with the content; bad files are reported and held back."""
    with _explained():
        settings = _given(is_waiting=is_watching or logged)
        if is_watching:
            _watch(settings, parent)
        elif logged:
            configure_logs(settings.log)
            outlive(Watcher(settings, clock).run_once)
        else:
            _say(_publish(settings, may_drop=confirm_removal, may_move=new_address))


@main.command("export")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--new-address", is_flag=True, help=NEW_ADDRESS)
def export_command(directory: Path, *, new_address: bool) -> None:
    """Write the site to DIRECTORY, for any static host."""
    with _explained():
        settings = _given()
        check_target(directory, settings.content)
        _say(_publish(settings, may_move=new_address))
        reader = Reader(settings.publication)
        try:
            count = export_directory(reader, directory)
        finally:
            reader.close()
        click.echo(f"Exported {count} documents to {directory}.")


@main.command()
@click.argument("title")
@click.option("--category", "categories", multiple=True, help="Slug of a category; may be given more than once.")
@click.option("--slug", help="Last part of the address; made from the title when not given.")
def new(title: str, categories: tuple[str, ...], slug: str | None) -> None:
    """Write the file of a new update, with comments that say what goes where."""
    with _explained():
        settings = _given()
        site = load_site(settings.content, settings).site
        local = now().astimezone(ZoneInfo(site.time_zone))
        start = NewUpdate(title=title, categories=categories, slug=slug, local=local)
        path = write_new_update(settings.content, site, start)
        click.echo(f"Wrote {path}. Edit it, delete the line 'draft: true', then run: feedsvc check")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Say it in JSON, for programs.")
def status(*, as_json: bool) -> None:
    """Say how publishing goes: what is published, held back, waiting or a draft; exit 1 unless all is well."""
    with _explained():
        found = survey(read_settings().publication, clock())
        click.echo(json.dumps(found.as_json(), indent=2) if as_json else found.as_text())
    sys.exit(0 if found.condition.status == "ok" else 1)


def _given(*, is_waiting: bool = False) -> Settings:
    """The settings, and places that can be meant; who waits for content need not find a folder yet."""
    settings = read_settings()
    check_publication(settings.publication)
    if not is_waiting:
        check_content(settings.content)
    return settings


def _listen(host: str, port: int, settings: Settings) -> "BaseWSGIServer":
    """A server at that address; ListenError when nobody can listen there."""
    from werkzeug.serving import make_server  # noqa: PLC0415  # other commands need not wait for it

    from feedsvc.web.app import create_app  # noqa: PLC0415

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()  # werkzeug would end in a traceback, or say less
        return make_server(host, port, create_app(settings), threaded=True)
    except (OSError, UnicodeError) as fault:
        code = getattr(fault, "errno", None) or 0  # below 0 it is the resolver's
        why = os.strerror(code) if code > 0 else cut(getattr(fault, "strerror", str(fault)), 100)
        raise ListenError(f"cannot listen on {cut(host, 100)}, port {port}: {why}; {OTHER_PLACE}") from None


def _load(settings: Settings, as_of: datetime) -> Content:
    """All content, read by a child: a file that ends the process that reads it is a problem like others."""
    deadly: frozenset[str] = frozenset()
    noted: tuple[Note, ...] = ()
    try:
        with TemporaryDirectory() as scratch:
            apart = replace(settings, publication=Path(scratch, "publication.db"), pictures=settings.kept_pictures)
            outcome = _publish(apart)
        # what loads must render, too; and which addresses lead nowhere is known then
        known, deadly, noted = outcome.problems, outcome.deadly, outcome.noted
    except ContentError as fault:
        known = fault.problems
    try:
        content = outlive(partial(load_content, settings.content, settings, as_of, deadly), lives=1)
    except ChildDiedError:
        raise ContentError(known) from None
    named = {problem.file for problem in content.problems}
    more = [problem for problem in known if problem.file not in named]
    notes = tuple(sorted({*content.notes, *noted}))
    return replace(content, problems=tuple(sorted([*content.problems, *more])), notes=notes)


def _publish(settings: Settings, *, may_drop: bool = False, may_move: bool = True) -> Outcome:
    return outlive(partial(_publish_here, settings, may_drop=may_drop, may_move=may_move))


def _publish_here(settings: Settings, *, may_drop: bool, may_move: bool) -> Outcome:
    store = Store(settings.publication)
    try:
        with progress_bar() as progress, progress_bar("pictures") as pictures:
            request = Request(progress=progress, pictures=pictures, may_drop=may_drop, may_move=may_move)
            return Publisher(settings, store).publish(now(), request)
    finally:
        store.close()


def _watch(settings: Settings, parent: int | None) -> None:
    configure_logs(settings.log)
    watcher = Watcher(settings, clock, is_wanted=lambda: parent in (None, os.getppid()))
    signal.signal(signal.SIGTERM, lambda *_: watcher.stop())
    signal.signal(signal.SIGINT, lambda *_: watcher.stop())
    signal.signal(signal.SIGHUP, lambda *_: watcher.look_again())
    watcher.run()


@contextmanager
def progress_bar(things: str = "documents") -> Iterator[Progress]:
    """A bar of these things on standard error, once the work has taken a second and if somebody is there to see it."""
    began, is_shown = monotonic(), False

    def show(done: int, whole: int) -> None:
        nonlocal is_shown
        if sys.stderr.isatty() and (is_shown or monotonic() - began > SHOW_PROGRESS_AFTER):
            is_shown = True
            filled = 30 * done // whole
            click.echo(f"\r[{'#' * filled}{'.' * (30 - filled)}] {done}/{whole} {things}", err=True, nl=False)

    yield show
    if is_shown:
        click.echo(err=True)


@contextmanager
def _explained() -> Iterator[None]:
    """What people can mend is said in words, with exit status 1; a bug keeps its traceback."""
    try:
        yield
    except FAULTS as fault:
        click.echo("\n".join(cut(printable(line), LINE_AT_MOST) for line in str(fault).split("\n")), err=True)
        sys.exit(1)


def _say(outcome: Outcome) -> None:
    if outcome.problems:
        click.echo(report(outcome.problems), err=True)
        click.echo("These are held back until they are mended; everything else is published.", err=True)
    for note in outcome.notes:
        click.echo(f"note: {note}", err=True)
    if outcome.noted:
        click.echo(report(outcome.noted), err=True)
    changed = f"{outcome.written} documents written, {outcome.removed} removed"
    click.echo(f"Published generation {outcome.generation}: {outcome.entries} updates, {changed}.")
    if outcome.held:
        click.echo(f"Held back: {outcome.held}. Confirm it with: feedsvc publish --confirm-removal", err=True)
        sys.exit(1)


def _say_ledger(root: Path, content: Content, as_of: datetime, *, is_recording: bool) -> None:
    """Record what is public and right; without being asked to, say how much of it is not in the ledger yet."""
    blamed = {problem.file for problem in content.problems}
    ledger, name = read_ledger(root), source_name(root, LEDGER)
    if ledger.problems or source_name(root, SITE) in blamed:
        return
    entries = [loaded for source, loaded in content.entries.items() if source not in blamed]
    if is_recording:
        click.echo(f"Recorded {record(root, entries, as_of)} updates in {name}.")
    elif ledger.lines and (new := new_lines(ledger, entries, as_of)):
        click.echo(f"{name}: note: {len(new)} updates are not in it yet; run: feedsvc check --record", err=True)


def _summary(content: Content) -> str:
    entries = [loaded.entry for loaded in content.entries.values()]
    drafts = sum(entry.draft for entry in entries)
    waiting = sum(not entry.draft and entry.published > now() for entry in entries)
    live = len(entries) - drafts - waiting
    opening = f"No mistakes, {len(content.notes)} to note" if content.notes else "All well"
    return f"{opening}: {live} updates live, {waiting} scheduled, {drafts} drafts."
