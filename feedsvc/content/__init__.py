"""YAML becomes a Site and its entries, or messages that name file, line, column and the fix."""

from feedsvc.content.conflicts import find_conflicts
from feedsvc.content.entry import ParsedEntry, complete_entry, load_entry, parse_entry
from feedsvc.content.files import Files
from feedsvc.content.folder import (
    SourceStat,
    UnsettledError,
    is_source,
    list_sources,
    read_source,
    source_name,
    stamp_of,
)
from feedsvc.content.loader import load_content
from feedsvc.content.markup import filter_xml_text
from feedsvc.content.passed_over import note_passed_over
from feedsvc.content.schema import entry_schema
from feedsvc.content.site import load_site
from feedsvc.content.site_schema import site_schema
from feedsvc.content.source import Content, LoadedEntry, LoadedSite, Mark, Source

__all__ = [
    "Content",
    "Files",
    "LoadedEntry",
    "LoadedSite",
    "Mark",
    "ParsedEntry",
    "Source",
    "SourceStat",
    "UnsettledError",
    "complete_entry",
    "entry_schema",
    "filter_xml_text",
    "find_conflicts",
    "is_source",
    "list_sources",
    "load_content",
    "load_entry",
    "load_site",
    "note_passed_over",
    "parse_entry",
    "read_source",
    "site_schema",
    "source_name",
    "stamp_of",
]
