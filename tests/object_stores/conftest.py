"""A store for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.object_stores.s3 import S3, run_s3


@pytest.fixture
def s3() -> Iterator[S3]:
    with run_s3() as store:
        yield store
