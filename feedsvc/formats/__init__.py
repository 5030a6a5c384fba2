"""A Feed becomes bytes: one module per format, one table of them."""
