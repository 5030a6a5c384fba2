"""Content becomes the next generation of the publication: what is read, rendered and committed, and when."""
