"""YAML becomes a Site and its entries, or messages that name file, line, column and the fix."""

from feedsvc.content.claims import cross_check
from feedsvc.content.entry import Draft, complete_entry, draft_entry, load_entry
from feedsvc.content.files import Files
from feedsvc.content.folder import SourceStat, UnsettledError, list_sources, read_source, source_name, stamp_of
from feedsvc.content.loader import load_content
from feedsvc.content.markup import filter_xml_text
from feedsvc.content.passed_over import note_passed_over
from feedsvc.content.schema import entry_schema, site_schema
from feedsvc.content.site import load_site
from feedsvc.content.source import Content, LoadedEntry, LoadedSite, Mark, Source

__all__ = [
    "Content",
    "Draft",
    "Files",
    "LoadedEntry",
    "LoadedSite",
    "Mark",
    "Source",
    "SourceStat",
    "UnsettledError",
    "complete_entry",
    "cross_check",
    "draft_entry",
    "entry_schema",
    "filter_xml_text",
    "list_sources",
    "load_content",
    "load_entry",
    "load_site",
    "note_passed_over",
    "read_source",
    "site_schema",
    "source_name",
    "stamp_of",
]
