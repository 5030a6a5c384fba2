"""The publication for other hosts: ``tree`` says which files there are and what they say of themselves.

Where the files go is a module each: ``directory`` and ``bucket``. Nothing here reads content or makes a document.
"""
