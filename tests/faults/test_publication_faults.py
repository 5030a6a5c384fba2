"""The publication's file is locked, lost, replaced or damaged: it is served on, set aside and built anew."""

import os
import shutil
import sqlite3
from contextlib import closing

from tests.faults.conftest import Ground, hang_up
from tests.harness.service import Service


def test_a_lock_of_another_program_delays_a_publish_and_nothing_else(ground: Ground) -> None:
    said = ground.service.log.count("database is locked")
    with closing(sqlite3.connect(ground.service.publication, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        text = ground.post()
        ground.service.wait_for_log("database is locked", said + 1)
        assert text.encode() not in ground.service.get("/rss.xml")[2]
        other.execute("ROLLBACK")
    ground.service.wait_until_served(text)
    assert ground.service.log.count("database is locked") == said + 1


def test_a_publication_that_is_overwritten_is_set_aside_and_built_anew(warm: Ground) -> None:
    """It is found by looking, without a change of the content."""
    damaged = warm.service.publication.with_name("publication.db.damaged")
    with closing(sqlite3.connect(warm.service.publication)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # so that the file is what is read
    size = warm.service.publication.stat().st_size
    with warm.service.publication.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 4096))
    hang_up(warm)
    warm.service.wait_until("the damaged file set aside", damaged.exists)
    warm.service.wait_until_fresh()
    damaged.unlink()


def test_a_publication_that_is_replaced_by_something_else_is_built_anew(warm: Ground) -> None:
    other = warm.service.publication.with_name("other")
    other.write_bytes(b"this is no publication" * 1_000)
    other.rename(warm.service.publication)
    warm.publish()


def test_a_publication_that_is_deleted_with_all_around_it_is_built_anew(warm: Ground) -> None:
    instance = warm.service.publication.parent
    shutil.rmtree(
        instance.rename(instance.with_name("deleted"))
    )  # at once, for something is written there all the time
    warm.publish()
    warm.service.wait_until("one publishing process", warm.service.publisher)


def test_two_services_on_the_same_content_and_publication_do_no_harm(ground: Ground) -> None:
    other = Service(ground.content)
    try:
        other.wait_for_log("Booting worker with pid", 3)
        text = ground.post()
        other.wait_until_served(text)
        assert other.documents() == ground.service.documents()
        assert len(other.publishers()) + len(ground.service.publishers()) == 1
        ground.kill_worker(ground.service.supervisor())
        text = ground.post()
        ground.service.wait_until_served(text)
        other.wait_until_served(text)
        other.stop()
    finally:
        other.end()
    ground.service.wait_until("a publishing process of its own", ground.service.publishers)
