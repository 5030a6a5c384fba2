"""Publishes a union local's updates as feeds and pages that members can follow without an account.

What a program that embeds the service needs is here; all else may change. Names are imported when they are first
asked for: a worker imports this package too, and needs no YAML.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedsvc.content import load_content
    from feedsvc.model import Category, Entry, Feed, Site
    from feedsvc.settings import Settings, read_settings
    from feedsvc.web.app import create_app

__all__ = [
    "Category",
    "Entry",
    "Feed",
    "Settings",
    "Site",
    "create_app",
    "load_content",
    "read_settings",
]

_HOMES = {
    "Category": "feedsvc.model",
    "Entry": "feedsvc.model",
    "Feed": "feedsvc.model",
    "Settings": "feedsvc.settings",
    "Site": "feedsvc.model",
    "create_app": "feedsvc.web.app",
    "load_content": "feedsvc.content",
    "read_settings": "feedsvc.settings",
}


def __getattr__(name: str) -> Any:
    """The name from its home (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
