"""Where the service starts and ends: with bad content, on a read-only system, without notifications, on a full disk."""

import http.client
import json
import os
import sys
import time
from pathlib import Path

import pytest

from feedsvc.publication.status import Cause
from tests.faults.load import load_on, write_lone, write_stamped_folder
from tests.harness.figures import FIGURES
from tests.harness.program import STOP_SECONDS
from tests.harness.service import Service

# Inside namespaces of its own: everything read-only but a small disk for the publication, and no notifications.
SEALED = """
import os, subprocess, sys
instance, *command = sys.argv[1:]
with open("/proc/sys/user/max_inotify_instances", "w") as limit:
    limit.write("0")
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", instance], check=True)
subprocess.run(["mount", "-o", "remount,bind,ro", "/"], check=True)
os.execvp(command[0], command)
"""
ATTEMPT = ("unshare", "--user", "--map-root-user", "--mount", "mount", "-o", "remount,bind,ro", "/")


def may_seal() -> bool:
    """Whether this system lets its users make namespaces."""
    return os.spawnvp(os.P_WAIT, ATTEMPT[0], ATTEMPT) == 0


def fill(path: Path) -> None:
    """Write until the disk is full, which raises OSError."""
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


@pytest.mark.skipif(not may_seal(), reason="this system does not let its users make namespaces")
def test_it_runs_read_only_without_notifications_and_survives_a_full_disk(tmp_path: Path) -> None:
    content = write_stamped_folder(tmp_path / "content", 30)
    instance = tmp_path / "instance"
    instance.mkdir()
    wrapper = ["unshare", "--user", "--map-root-user", "--mount", sys.executable, "-c", SEALED, str(instance)]
    with Service(content, workers=1, wrapper=wrapper) as service:
        inside = Path(f"/proc/{service.process.pid}/root") / instance.relative_to("/")
        assert (inside / "publication.db").exists()
        assert not (instance / "publication.db").exists()
        with load_on(service.address) as load:
            write_lone(content, 2)
            service.wait_until_served("Now lone 2 holds.")
            with pytest.raises(OSError, match="No space"):
                fill(inside / "ballast")
            write_lone(content, 3)
            service.wait_for_log("not published: cannot write the publication")
            service.wait_until(
                "the reason for all", lambda: service.ready()["reason"] == Cause.PUBLICATION_UNWRITABLE.words
            )
            asked = load.figures.requests
            service.wait_until("a hundred more answers", lambda: load.figures.requests > asked + 100)
            (inside / "ballast").unlink()
            service.wait_until_served("Now lone 3 holds.")
            assert service.log.count("not published: ") == 1
        assert load.figures.wrong == []
        assert load.figures.dropped == 0
        FIGURES.append(f"read-only, unnotified, with a full disk: {load.figures.requests} requests, 0 errors")


def test_it_starts_with_bad_content_as_well_as_it_can(tmp_path: Path) -> None:
    content = write_stamped_folder(tmp_path / "content", 2)
    bad, site = content / "updates" / "2026-02-01-bulk-1.yaml", content / "site.yaml"
    good, good_site = bad.read_text(), site.read_text()
    bad.write_text('title: "\\e[2J\x1b')
    with Service(content, workers=1, FEEDSVC_LOG="json") as service:
        assert b"Now lone 1 holds." in service.get("/rss.xml")[2]
        assert service.get("/updates/bulk-2/")[0] == 200
        assert service.get("/updates/bulk-1/")[0] == 404
        assert {Path(problem.file).name for problem, _ in service.overview().held_back} == {bad.name}
        assert service.ready()["held_back"] == 1
        bad.write_text(good)
        service.wait_until("the mended file", lambda: service.get("/updates/bulk-1/")[0] == 200)
        assert all(json.loads(line) for line in service.log.splitlines())
        assert "\x1b" not in service.log
    site.write_text("title: [")
    with Service(content, workers=1) as service:
        assert b"Now lone 1 holds." in service.get("/rss.xml")[2]
        assert {Path(problem.file).name for problem, _ in service.overview().held_back} == {site.name}
        assert service.ready()["held_back"] == 1
    service.publication.unlink()
    with Service(content, workers=1) as service:
        status, fields, _ = service.get("/rss.xml")
        assert status == 503
        assert int(fields["Retry-After"]) > 0
        assert service.get("/readyz")[0] == 503
        site.write_text(good_site)
        service.wait_until("what was never published before", lambda: service.get("/rss.xml")[0] == 200)
        service.wait_until_fresh()


def test_a_request_under_way_is_finished_before_the_service_stops(tmp_path: Path) -> None:
    content = write_stamped_folder(tmp_path / "content", 1)
    flyer = os.urandom(8_000_000)
    (content / "files" / "flyer.pdf").write_bytes(flyer)
    with (content / "updates" / "2026-02-01-bulk-1.yaml").open("a") as update:
        update.write("attachments:\n  - file: flyer.pdf\n    title: Flyer\n")
    with Service(content, workers=1) as service:
        connection = http.client.HTTPConnection(*service.address, timeout=30)
        connection.request("GET", "/files/flyer.pdf")
        answer = connection.getresponse()
        service.process.terminate()
        service.wait_for_log("Handling signal: term")
        time.sleep(1)  # a slow reader
        assert answer.read() == flyer
        connection.close()
        began = time.monotonic()
        assert service.process.wait(STOP_SECONDS) == 0
        assert time.monotonic() - began < STOP_SECONDS
