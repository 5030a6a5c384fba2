"""Finished documents become HTTP."""
