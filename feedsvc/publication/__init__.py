"""Documents become one SQLite file, a generation at a time."""
