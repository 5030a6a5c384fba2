"""A site on four machines, of which one publishes, with a real store and a real cache, while everything goes wrong."""
