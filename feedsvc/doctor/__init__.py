"""What keeps a site from its readers: seen from outside (``address``), and on this machine (``machine``).

A check yields findings. Nothing here publishes or serves.
"""

from feedsvc.doctor.address import examine_address
from feedsvc.doctor.findings import Finding
from feedsvc.doctor.machine import examine_machine

__all__ = ["Finding", "examine_address", "examine_machine"]
