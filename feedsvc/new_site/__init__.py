"""The folder of a new site: everything that a local needs to publish, from five answers."""
