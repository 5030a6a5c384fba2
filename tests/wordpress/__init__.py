"""A real WordPress that shows our updates in every way it knows: ``poe wordpress``, not part of the suite."""
