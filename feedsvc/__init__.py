"""Publishes a union local's updates as feeds and pages that members can follow without an account.

What a program that embeds the service needs is here: ``load_content`` and ``publish_content`` for the content,
``Reader`` for what is published, ``create_app`` to serve it, and the errors. All else may change. Names are imported
when they are first asked for: a worker imports this package too, and needs no YAML.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedsvc.content.loader import load_content
    from feedsvc.errors import ContentError, FeedsvcError, Note, Problem
    from feedsvc.model import Category, Entry, Site
    from feedsvc.publication.database import StoreError
    from feedsvc.publication.reader import Reader
    from feedsvc.publishing.once import publish_content
    from feedsvc.settings import Settings, SettingsError, read_settings
    from feedsvc.web.app import create_app

__all__ = [
    "Category",
    "ContentError",
    "Entry",
    "FeedsvcError",
    "Note",
    "Problem",
    "Reader",
    "Settings",
    "SettingsError",
    "Site",
    "StoreError",
    "create_app",
    "load_content",
    "publish_content",
    "read_settings",
]

_HOMES = {
    "feedsvc.content.loader": ("load_content",),
    "feedsvc.errors": ("ContentError", "FeedsvcError", "Note", "Problem"),
    "feedsvc.model": ("Category", "Entry", "Site"),
    "feedsvc.publication.reader": ("Reader", "StoreError"),
    "feedsvc.publishing.once": ("publish_content",),
    "feedsvc.settings": ("Settings", "SettingsError", "read_settings"),
    "feedsvc.web.app": ("create_app",),
}


def __getattr__(name: str) -> Any:
    """The name from its home (PEP 562)."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
