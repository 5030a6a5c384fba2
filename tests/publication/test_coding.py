import gzip

import brotli
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.publication.coding import encode

LONG = b"Members voted to ratify the agreement. " * 40


def test_both_codings_give_back_the_body() -> None:
    made = encode(LONG, "text/html", brotli_level=5)
    assert made.gzip is not None
    assert made.br is not None
    assert gzip.decompress(made.gzip) == LONG
    assert brotli.decompress(made.br) == LONG
    assert list(made.coded()) == ["br", "gzip", "identity"]


def test_a_gzip_body_carries_no_time() -> None:
    """Equal bodies have equal bytes on every machine and at every hour (RFC 1952 section 2.3.1, MTIME)."""
    made = encode(LONG, "text/html", brotli_level=5).gzip
    assert made is not None
    assert made[4:8] == bytes(4)


@given(st.binary(max_size=600))
def test_a_coding_is_kept_only_where_it_is_smaller(body: bytes) -> None:
    made = encode(body, "text/html", brotli_level=5)
    assert all(len(coded) < len(body) for name, coded in made.coded().items() if name != "identity")


def test_what_is_compressed_already_is_left_alone() -> None:
    assert list(encode(LONG, "application/pdf", brotli_level=5).coded()) == ["identity"]
