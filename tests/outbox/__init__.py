"""Hubs, caches and stores that others make, told by the service as it is deployed.

It needs PyPI, Varnish with xkey, squid and node.
"""
