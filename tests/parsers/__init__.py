"""What parsers of other languages, on which other sites are built, make of every kind of feed."""
