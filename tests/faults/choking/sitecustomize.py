"""Makes libraries choke, in a process that publishes and has this folder on its path: no code of ours is changed.

A text that holds ``choke-<step>-<fault>`` makes the library of that step raise an exception, abort or hang. What hangs
is known for it after a third of the time that a service gives it, which is enough for a handful of updates.
"""

import os
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

EXCEPTIONS = {each.__name__.lower(): each for each in (ValueError, KeyError, MemoryError, RecursionError, OSError)}


def choke(step: str, *seen: object) -> None:
    """Do what a text tells this step to do."""
    for one in seen:
        text = one.decode(errors="replace") if isinstance(one, bytes) else str(one)
        found = re.search(rf"choke-{step}-([a-z]+)", text)
        if found is None:
            continue
        if found[1] == "abort":
            os.abort()
        while found[1] == "hang":  # as native code does it
            pass
        raise EXCEPTIONS[found[1]](f"{step} chokes")


def before(step: str, work: Callable[..., Any], pick: Callable[..., object]) -> Callable[..., Any]:
    """``work`` that chokes on what ``pick`` finds among its arguments."""

    def run(*given: Any, **named: Any) -> Any:
        choke(step, pick(*given, **named))
        return work(*given, **named)

    return run


def after(step: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """``work`` that chokes on its result."""

    def run(*given: Any, **named: Any) -> Any:
        result = work(*given, **named)
        choke(step, result)
        return result

    return run


def install() -> None:
    """Put the wrappers where our code will find the libraries."""
    import bisect
    import json
    import sqlite3

    import comrak
    import deflate
    import jinja2
    import nh3
    import yaml
    from feedgen.entry import FeedEntry

    class Loader(yaml.CSafeLoader):
        def __init__(self, stream: Any) -> None:
            choke("yaml", stream)
            super().__init__(stream)

    class Cleaner:
        def __init__(self, **given: Any) -> None:
            self._cleaner = true_cleaner(**given)
            self.clean = before("clean", self._cleaner.clean, lambda html: html)

    class Connection(sqlite3.Connection):
        def execute(self, statement: str, values: Any = ()) -> Any:
            if statement.startswith("REPLACE INTO entry"):
                choke("store", *values)
            return super().execute(statement, values)

    true_cleaner, connect = nh3.Cleaner, sqlite3.connect
    yaml.CSafeLoader = Loader  # type: ignore[misc]
    nh3.Cleaner = Cleaner  # type: ignore[misc,assignment]
    comrak.render_markdown = before("markup", comrak.render_markdown, lambda text, *_, **__: text)
    bisect.insort = before("index", bisect.insort, lambda _list, item, *_, **__: item)
    FeedEntry.rss_entry = before("rss", FeedEntry.rss_entry, lambda entry, *_, **__: entry.title())
    FeedEntry.atom_entry = before("atom", FeedEntry.atom_entry, lambda entry, *_, **__: entry.title())
    jinja2.Template.render = after("page", jinja2.Template.render)  # type: ignore[method-assign]
    encode = json.JSONEncoder.encode
    json.JSONEncoder.encode = before(  # type: ignore[method-assign]
        "json", encode, lambda _, value: value if isinstance(value, dict) and "content_html" in value else ""
    )
    deflate.gzip_compress = before("coding", deflate.gzip_compress, lambda body, *_, **__: body)
    sqlite3.connect = lambda *given, **named: connect(*given, **{"factory": Connection, **named})


if {"publish", "check", "export"} & set(sys.orig_argv):
    from feedsvc.publishing import journal

    journal.LIMITS = replace(journal.LIMITS, batch_processor_seconds=1.0, alone_processor_seconds=1)
    install()
