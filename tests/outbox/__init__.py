"""Hubs and caches that others make, told by the service as it is deployed; needs PyPI, Varnish with xkey, and squid."""
