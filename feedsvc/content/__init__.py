"""YAML becomes a Site and its entries, or messages that name file, line, column and the fix."""
