"""What the responder knows, for how long, and what it does when the publication moves under it."""

import gc
import shutil
import sqlite3
import threading
import tracemalloc
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

from feedsvc.kinds import GONE, MOVED, RESTING, Kind
from feedsvc.publication.database import StoreError, number_path
from feedsvc.publication.headers import HORIZON
from feedsvc.publication.store import Store
from feedsvc.web.cache import LARGE
from feedsvc.web.following import LOOK_AGAIN, ROOM, TRY_AGAIN
from feedsvc.web.responder import Answer, Responder
from tests.web.published import (
    MODIFIED,
    NOT_FOUND,
    NOW,
    Clock,
    ask,
    asked,
    field,
    make_attachment,
    make_feed_document,
    make_page,
    publish,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    path = tmp_path / "instance" / "publication.db"
    publish(path, make_page(), make_feed_document(), make_attachment(), NOT_FOUND)
    return path


@pytest.fixture
def responder(publication: Path, clock: Clock) -> Responder:
    return Responder(publication, clock)


def cache_control(responder: Responder, path: str) -> dict[str, int]:
    """The numbers of a Cache-Control field."""
    value = field(asked(responder, path), "Cache-Control")
    return {name: int(number) for name, _, number in (part.partition("=") for part in value.split(", ")) if number}


def publish_all_until(publication: Path, expiry: int) -> None:
    """Documents of which every one shows an update that expires."""
    documents = [
        replace(document, expires=expiry) for document in (make_page(), make_feed_document(), make_attachment())
    ]
    publish(publication, *documents, next_expiry=expiry)


def is_asked_to_come_back(answer: Answer | None) -> bool:
    """Whether who asks is told that what is there cannot be read now; that is remembered by nobody."""
    return answer is not None and answer.status[:3] == "503" and answer.replies is None


def in_another_thread(responder: Responder, path: str) -> bytes | None:
    """The body that a thread gets which has never asked before."""
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(ask, responder, path).result()
    return None if answer is None else bytes(answer.body)


def remove(publication: Path) -> None:
    """Delete a publication as a person would: every file of it."""
    for part in publication.parent.glob(publication.name + "*"):
        part.unlink()


# One generation.


def test_the_same_question_has_the_same_answer(responder: Responder) -> None:
    first = asked(responder, "/covid/", ACCEPT_ENCODING="gzip")
    assert asked(responder, "/covid/", ACCEPT_ENCODING="gzip", COOKIE="a=b") is first
    assert asked(responder, "/covid/") is not first
    assert first.replies is responder.epoch().replies


@pytest.mark.parametrize("path", ["/no/such/", "*", "", "/404.html", "/caf\xe9"])
def test_where_nothing_is_there_its_page_says_so(responder: Responder, path: str) -> None:
    answer = asked(responder, path)
    assert (answer.status, answer.body, answer.kind) == ("404 Not Found", NOT_FOUND.body, "error")
    assert asked(responder, path, "HEAD") == replace(answer, body=b"")


def test_what_the_application_answers_is_left_to_it(publication: Path, clock: Clock) -> None:
    responder = Responder(publication, clock, lambda path: path == "/readyz")
    assert ask(responder, "/readyz") is None
    assert asked(responder, "/readyz/").status == "404 Not Found"


def test_what_comes_while_it_is_looked_for_is_not_said_to_be_missing(publication: Path, clock: Clock) -> None:
    """The page that says so is read last, and may belong to a generation in which it would be wrong."""
    late = [make_page("/late/")]

    def is_routed(_path: str) -> bool:
        if late:
            publish(publication, late.pop())
        return False

    assert asked(Responder(publication, clock, is_routed), "/late/").status == "200 OK"


@pytest.mark.parametrize(
    ("method", "status", "body"),
    [
        ("GET", "200 OK", b'{"status":"ok"}\n'),
        ("HEAD", "200 OK", b""),
        ("OPTIONS", "204 No Content", b""),
        ("POST", "405 Method Not Allowed", b"405 Method Not Allowed\n"),
    ],
)
def test_that_the_process_lives_is_said_without_a_publication(
    tmp_path: Path, clock: Clock, method: str, status: str, body: bytes
) -> None:
    answer = asked(Responder(tmp_path / "none.db", clock), "/healthz", method)
    assert (answer.status, answer.body) == (status, body)


def test_a_part_is_no_copy_and_answers_with_one_are_not_kept(publication: Path, responder: Responder) -> None:
    """Else every reader of a part would hold the file once more, or a remembered part all of it."""
    publish(publication, make_attachment("/files/film.mp4", bytes(LARGE + 1)))
    parts = [asked(responder, "/files/film.mp4", RANGE="bytes=1-").body for _ in range(2)]
    whole = asked(responder, "/files/film.mp4").body
    assert [part.obj is whole for part in parts if isinstance(part, memoryview)] == [True, True]
    few = [asked(responder, "/files/flyer.pdf", RANGE="bytes=0-0") for _ in range(2)]
    assert few[0] is not few[1]


def test_a_document_is_held_once_however_it_is_asked_for(responder: Responder) -> None:
    bodies = {id(asked(responder, "/covid/", ACCEPT_ENCODING=field).body) for field in ("gzip", "gzip;q=0.9", "x-gzip")}
    assert len(bodies) == 1


def test_a_large_attachment_is_shared_but_its_answers_are_not_kept(publication: Path, responder: Responder) -> None:
    publish(publication, make_attachment("/files/film.mp4", bytes(LARGE + 1)))
    first, second = asked(responder, "/files/film.mp4"), asked(responder, "/files/film.mp4")
    assert first is not second
    assert first.body is second.body
    assert asked(responder, "/files/film.mp4", RANGE="bytes=-1").body == b"\0"


@pytest.mark.parametrize("what", ["bodies", "questions"])
def test_answers_take_a_bounded_room(publication: Path, responder: Responder, what: str) -> None:
    publish(publication, make_attachment("/files/slides.pdf", bytes(LARGE - 1)))
    tracemalloc.start()
    for number in range(2 * ROOM // LARGE):
        fields = {"RANGE": f"bytes={number}-"} if what == "bodies" else {"IF_RANGE": f"{number:9}" * (LARGE // 9)}
        asked(responder, "/files/slides.pdf", **fields)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 1.2 * ROOM


# Methods, codings and parts, as tests/web/test_http.py asks for them through sockets.


def test_every_outcome(responder: Responder) -> None:
    page = asked(responder, "/covid/")
    etag = field(page, "ETag")
    outcomes = {
        "204 No Content": asked(responder, "/covid/", "OPTIONS"),
        "206 Partial Content": asked(responder, "/files/flyer.pdf", RANGE="bytes=2-4"),
        "301 Moved Permanently": asked(responder, "/covid/feed"),
        "303 See Other": asked(responder, "/covid/rss.xml", SEC_FETCH_DEST="document"),
        "304 Not Modified": asked(responder, "/covid/", IF_NONE_MATCH=etag),
        "405 Method Not Allowed": asked(responder, "/covid/", "POST"),
        "406 Not Acceptable": asked(responder, "/covid/", ACCEPT_ENCODING="identity;q=0, *;q=0"),
        "412 Precondition Failed": asked(responder, "/covid/", IF_MATCH='"other"', IF_NONE_MATCH=etag),
        "416 Range Not Satisfiable": asked(responder, "/files/flyer.pdf", RANGE="bytes=10-"),
    }
    assert {status: answer.status for status, answer in outcomes.items()} == {status: status for status in outcomes}
    assert outcomes["206 Partial Content"].body == b"234"
    assert field(outcomes["206 Partial Content"], "Content-Range") == "bytes 2-4/10"
    assert field(outcomes["303 See Other"], "Location") == "/covid/subscribe/"
    assert field(outcomes["301 Moved Permanently"], "Location") == "/covid/rss.xml"
    assert field(page, "Last-Modified") == format_datetime(MODIFIED, usegmt=True)
    for answer in outcomes.values():
        lengths = [value for name, value in answer.headers if name == "Content-Length"]
        assert lengths == ([] if answer.status[:3] in ("204", "304") else [str(len(answer.body))])


def test_a_range_that_means_nothing_is_ignored(responder: Responder) -> None:
    assert asked(responder, "/files/flyer.pdf", RANGE="pages=1").status == "200 OK"
    assert asked(responder, "/covid/", RANGE="bytes=0-1").status == "200 OK"


def test_a_last_part_longer_than_the_whole_is_the_whole(responder: Responder) -> None:
    answer = asked(responder, "/files/flyer.pdf", RANGE="bytes=-11")
    assert (answer.status, answer.body) == ("206 Partial Content", b"0123456789")


def test_what_is_refused_is_told_without_a_body_to_head(responder: Responder) -> None:
    """One would be taken for the next response where none is expected (RFC 9112 section 6.3)."""
    answer = asked(responder, "/covid/", "HEAD", ACCEPT_ENCODING="identity;q=0, *;q=0")
    assert (answer.status, answer.body) == ("406 Not Acceptable", b"")


def test_head_tells_the_length_of_what_get_gives(responder: Responder) -> None:
    whole, answer = asked(responder, "/covid/"), asked(responder, "/covid/", "HEAD")
    assert (answer.headers, answer.body) == (whole.headers, b"")


def test_a_site_below_a_path_answers_with_it_and_without(publication: Path, responder: Responder) -> None:
    """A proxy in front keeps the path or takes it off; either way an answer leads to where the site is."""
    publish(publication, make_page("/"), make_feed_document("/rss.xml", page="/"), prefix="/news%20/7")
    for form in ("/news /7", ""):
        assert asked(responder, f"{form}/covid/").status == "200 OK"
        moved = {"/COVID": "/news%20/7/covid/", "/feed": "/news%20/7/rss.xml", "//": "/news%20/7/"}
        assert {path: field(asked(responder, form + path), "Location") for path in moved} == moved
        guided = asked(responder, f"{form}/rss.xml", SEC_FETCH_DEST="document")
        assert field(guided, "Location") == "/news%20/7/subscribe/"
    assert field(asked(responder, "/news /7"), "Location") == "/news%20/7/"
    for path in ("/news /7feed", "/NEWS /7/covid/", "/news /7/nothing"):
        assert asked(responder, path).status == "404 Not Found"


def test_what_begins_like_the_path_of_the_site_lies_below_it_if_it_can(publication: Path, responder: Responder) -> None:
    publish(publication, make_page("/", b"home"), make_page("/covid/", b"subject"), prefix="/covid")
    found = {path: asked(responder, path).body for path in ("/covid/", "/covid/covid/", "/")}
    assert found == {"/covid/": b"home", "/covid/covid/": b"subject", "/": b"home"}
    assert asked(responder, "/covid/rss.xml").body == make_feed_document().body


# Generations.


def test_a_new_generation_is_seen_at_once(publication: Path, responder: Responder) -> None:
    before, epoch = asked(responder, "/covid/"), responder.epoch()
    publish(publication, make_page(body=b"new"), removals=["/files/flyer.pdf"])
    assert responder.epoch() is not epoch
    after = asked(responder, "/covid/")
    assert (before.body, after.body) == (make_page().body, b"new")
    assert field(before, "ETag") != field(after, "ETag")
    assert asked(responder, "/files/flyer.pdf").status == "404 Not Found"


def test_who_is_still_sent_something_keeps_no_older_generation(publication: Path, responder: Responder) -> None:
    answer = asked(responder, "/covid/")
    known = weakref.ref(responder.epoch().documents)
    gc.disable()  # which is seldom, and as if it never came
    try:
        publish(publication, make_page(body=b"new"))
        asked(responder, "/covid/")
        assert known() is None
        assert answer.body == make_page().body
    finally:
        gc.enable()


def test_a_commit_met_before_it_is_announced_is_in_force_for_everyone(publication: Path, clock: Clock) -> None:
    one, other = Responder(publication, clock), Responder(publication, clock)
    old = [asked(responder, "/covid/").body for responder in (one, other)]
    with sqlite3.connect(publication) as connection:  # the publisher was stopped between its commit and the number
        connection.execute("UPDATE body SET identity = ?, gzip = NULL, br = NULL", (b"new",))
        connection.execute("UPDATE generation SET number = number + 1")
    connection.close()
    assert [asked(responder, "/covid/").body for responder in (one, other)] == old
    assert asked(one, "/covid/rss.xml").body == b"new"
    assert [asked(responder, "/covid/").body for responder in (one, other)] == [b"new", b"new"]


def test_threads_share_what_is_known(responder: Responder) -> None:
    body = asked(responder, "/covid/").body
    assert in_another_thread(responder, "/covid/") is body
    assert in_another_thread(responder, "/covid/rss.xml") == make_feed_document().body


def test_no_thread_ever_goes_back_to_an_older_generation(publication: Path, responder: Responder) -> None:
    """Four threads read while a fifth publishes; each sees numbers that only grow."""
    last = 20
    publish(publication, make_page("/number", b"0"))

    def watch() -> list[int]:
        seen = [0]
        while seen[-1] < last:
            seen.append(int(asked(responder, "/number").body))
        return seen

    with ThreadPoolExecutor(4) as pool:
        watchers = [pool.submit(watch) for _ in range(4)]
        for number in range(1, last + 1):
            publish(publication, make_page("/number", str(number).encode()))
        for watcher in watchers:
            assert watcher.result() == sorted(watcher.result())


# Freshness.


def test_an_answer_keeps_no_longer_than_until_what_it_shows_expires(publication: Path, clock: Clock) -> None:
    change = NOW + HORIZON + 100
    publish_all_until(publication, change)
    responder = Responder(publication, clock)
    assert cache_control(responder, "/covid/rss.xml")["max-age"] == 600
    for left in (HORIZON + 5, HORIZON, 650, 601, 599, 61.5, 2, 1, 0.5, 0, -1, -900):
        clock.now = change - left
        for path, usual in (("/covid/", 360), ("/covid/rss.xml", 660), ("/files/flyer.pdf", 3660)):
            fresh = cache_control(responder, path)
            longest = max(fresh["max-age"], fresh["s-maxage"]) + fresh["stale-while-revalidate"]
            assert min(usual, left - 2) <= longest <= max(0, left)


def test_only_what_shows_it_keeps_no_longer(publication: Path, clock: Clock) -> None:
    """What shows nothing that expires, the page for what is not there among it, tells nobody that something does."""
    publish(publication, make_page("/pay/", expires=NOW + 30), next_expiry=NOW + 30)
    responder = Responder(publication, clock)
    assert cache_control(responder, "/pay/")["max-age"] == 29
    assert cache_control(responder, "/covid/")["max-age"] == 300
    answer = asked(responder, "/no/such/")
    assert (answer.status, answer.body) == ("404 Not Found", NOT_FOUND.body)
    assert "max-age=60," in field(answer, "Cache-Control")


def test_a_remembered_answer_is_made_anew_as_the_change_comes_nearer(publication: Path, clock: Clock) -> None:
    publish_all_until(publication, NOW + 100)
    responder = Responder(publication, clock)
    epochs = set()
    for seconds, left in ((0, 99), (50, 49), (100, 0), (100, 0)):
        clock.now += seconds
        assert cache_control(responder, "/covid/")["max-age"] == left
        epochs.add(responder.epoch())
    assert len(epochs) == 3


def test_a_new_schedule_is_noticed_though_no_document_changed(
    publication: Path, responder: Responder, clock: Clock
) -> None:
    publish(publication, make_page(expires=NOW + 60))
    assert cache_control(responder, "/covid/")["max-age"] == 300
    publish(publication, next_expiry=NOW + 60)
    clock.now += LOOK_AGAIN
    assert cache_control(responder, "/covid/")["max-age"] == 60 - LOOK_AGAIN - 1
    publish(publication)
    clock.now += 1
    assert cache_control(responder, "/covid/")["max-age"] == 300


# Dates.


def test_no_date_is_told_before_it_has_come(publication: Path, responder: Responder, clock: Clock) -> None:
    """Bytes committed amid a second are dated by the next; until then whoever asks by date gets all there is."""
    publish(publication, make_page(body=b"new"), committed=NOW + 0.2)
    clock.now = NOW + 0.3
    far = "Fri, 01 Jan 2100 00:00:00 GMT"
    early = asked(responder, "/covid/", IF_MODIFIED_SINCE=far)
    assert (early.status, early.body) == ("200 OK", b"new")
    assert "Last-Modified" not in dict(early.headers)
    assert "Last-Modified" in dict(asked(responder, "/covid/rss.xml").headers)  # which did not move
    epoch = responder.epoch()
    clock.now = NOW + 1
    assert responder.epoch() is not epoch
    date = format_datetime(datetime.fromtimestamp(NOW + 1, UTC), usegmt=True)
    assert field(asked(responder, "/covid/"), "Last-Modified") == date
    assert asked(responder, "/covid/", IF_MODIFIED_SINCE=date).status == "304 Not Modified"
    before = format_datetime(datetime.fromtimestamp(NOW, UTC), usegmt=True)
    assert asked(responder, "/covid/", IF_MODIFIED_SINCE=before).status == "200 OK"


def test_a_date_that_has_come_makes_no_document_read_again(
    publication: Path, responder: Responder, clock: Clock
) -> None:
    publish(publication, make_attachment("/files/film.mp4", bytes(LARGE + 1)), committed=NOW + 0.2)
    clock.now = NOW + 0.3
    body = asked(responder, "/files/film.mp4").body
    clock.now = NOW + 1
    assert asked(responder, "/files/film.mp4").body is body


def test_looking_again_forgets_nothing(responder: Responder, clock: Clock) -> None:
    answer = asked(responder, "/covid/")
    clock.now += 10 * LOOK_AGAIN
    assert asked(responder, "/covid/") is answer


# A publication that is not there, or not sound.


def test_without_a_publication_there_is_no_answer_until_there_is_one(tmp_path: Path, clock: Clock) -> None:
    publication = tmp_path / "instance" / "publication.db"
    responder = Responder(publication, clock)
    for exists in ("nothing", "folder", "empty file"):
        if exists == "folder":
            publication.parent.mkdir()
        if exists == "empty file":
            Store(publication).close()
        assert is_asked_to_come_back(ask(responder, "/covid/"))
        with pytest.raises(StoreError):
            responder.epoch()
    publish(publication, make_page())
    assert asked(responder, "/covid/").status == "200 OK"
    assert ask(responder, "/no/such/") is None
    assert responder.epoch().generation == 1


def test_a_file_that_is_no_publication_is_no_publication(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "publication.db").write_bytes(b"not a database at all" * 500)
    assert is_asked_to_come_back(ask(Responder(tmp_path / "publication.db", clock), "/covid/"))


@pytest.mark.parametrize("removal", [Path.unlink, remove, lambda publication: shutil.rmtree(publication.parent)])
def test_a_publication_that_goes_away_stays_in_force(
    publication: Path, responder: Responder, clock: Clock, removal: object
) -> None:
    answer = asked(responder, "/covid/")
    removal(publication)  # type: ignore[operator]  # a function of the path
    for _ in range(3):
        clock.now += LOOK_AGAIN
        assert asked(responder, "/covid/") is answer
    assert asked(responder, "/covid/rss.xml").body == make_feed_document().body


def test_a_publication_made_anew_is_noticed(publication: Path, responder: Responder, clock: Clock) -> None:
    publish(publication, make_page(body=b"second"))
    assert asked(responder, "/covid/").body == b"second"
    remove(publication)
    publish(publication, make_page(body=b"third"))
    clock.now += LOOK_AGAIN
    assert asked(responder, "/covid/").body == b"third"
    publish(publication, make_page(body=b"fourth"))
    assert asked(responder, "/covid/").body == b"fourth"
    assert in_another_thread(responder, "/covid/") == b"fourth"


def test_while_a_new_publication_is_filled_the_old_one_stays_in_force(
    publication: Path, responder: Responder, clock: Clock
) -> None:
    body = asked(responder, "/covid/").body
    publication.unlink()
    Store(publication).close()
    clock.now += LOOK_AGAIN
    assert asked(responder, "/covid/").body is body
    assert asked(responder, "/covid/rss.xml").body == make_feed_document().body
    assert asked(responder, "/no/such/").status == "404 Not Found"
    with ThreadPoolExecutor(1) as pool:  # a thread that cannot reach the old file cannot say that something is gone
        assert is_asked_to_come_back(pool.submit(ask, responder, "/files/flyer.pdf").result())
    publish(publication, make_page(body=b"new"))
    clock.now += TRY_AGAIN
    assert asked(responder, "/covid/").body == b"new"
    assert ask(responder, "/covid/rss.xml") is None


def test_a_publication_damaged_under_way_leaves_what_is_known(
    publication: Path, responder: Responder, clock: Clock
) -> None:
    answer = asked(responder, "/covid/")
    publication.write_bytes(b"garbage" * 5000)
    clock.now += LOOK_AGAIN
    assert asked(responder, "/covid/") is answer
    with ThreadPoolExecutor(1) as pool:
        assert is_asked_to_come_back(pool.submit(ask, responder, "/covid/rss.xml").result())
    number_path(publication).unlink()
    clock.now += LOOK_AGAIN
    assert asked(responder, "/covid/") is answer


def test_each_thread_reads_through_a_connection_of_its_own(responder: Responder) -> None:
    asked(responder, "/covid/")
    readers = [responder.reader(), responder.reader()]
    thread = threading.Thread(target=lambda: readers.append(responder.reader()))
    thread.start()
    thread.join()
    assert readers[0] is readers[1]
    assert readers[2] is not readers[0]


def test_a_mix_in_another_order_leads_to_that_of_the_site(publication: Path, responder: Responder) -> None:
    publish(publication, make_page("/covid_pay/"), prefix="/news", categories="covid pay")
    for path in ("/news/pay_covid/", "/news/Pay_Covid"):
        answer = asked(responder, path)
        assert (answer.status, field(answer, "Location")) == ("301 Moved Permanently", "/news/covid_pay/")
    assert asked(responder, "/news/pay_training/").status == "404 Not Found"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_was_withdrawn_is_gone_and_says_why(publication: Path, clock: Clock, method: str) -> None:
    page = make_page("/updates/masks/", b"<p>Withdrawn: no hall.</p>" * 40, kind=GONE)
    publish(publication, NOT_FOUND, page)
    answer = asked(Responder(publication, clock), "/updates/masks/", method)
    assert (answer.status, answer.kind) == ("410 Gone", "gone")
    assert answer.body == (page.body if method == "GET" else b"")
    assert field(answer, "Content-Length") == str(len(page.body))
    assert "max-age=300" in field(answer, "Cache-Control")


@pytest.mark.parametrize("kind", [MOVED, RESTING], ids=lambda kind: kind.name)
def test_what_leads_on_says_for_how_long_that_is_so(kind: Kind, tmp_path: Path, clock: Clock) -> None:
    """Readers write down where a feed has moved, and not where it rests."""
    way = make_page("/es/pay/rss.xml", kind=kind, media_type="text/plain", page_path="/es/rss.xml")
    publish(tmp_path / "publication.db", make_page("/"), way)
    responder = Responder(tmp_path / "publication.db", clock)
    for path in ("/es/pay/rss.xml", "/es/pay/rss.xml/", "//es/pay/rss.xml", "/ES/Pay/rss.xml", "/es/pay/feed"):
        answer = asked(responder, path)
        assert answer.status == {MOVED: "301 Moved Permanently", RESTING: "302 Found"}[kind]
        assert field(answer, "Location").endswith("/es/rss.xml")  # at once
        assert path in field(answer, "Surrogate-Key").split()
