"""The site becomes HTML that people read: one module per kind of page, and the files that pages load.

Pure: the same site, entries and instant (``as_of``) are the same bytes. A page links to itself without scheme and
host, loads nothing from elsewhere, carries no inline style or script, and works without script.
"""
