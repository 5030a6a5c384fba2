"""What a member's phone or a volunteer's program saves becomes pictures that are fit to publish.

Bytes in, finished pictures out: upright, in sRGB, in the sizes of one table, and without a word of metadata. Decoders
are code that hostile bytes break, so they run in children with limits (``worker``), never in this process; Pillow and
pi-heif are imported there alone. What else says something about a person is dealt with here, too: ``strip`` takes it
from pictures that are offered as they are, ``svg`` from drawings, and ``traces`` finds it in documents.
"""
