"""The site becomes HTML that people read."""
