"""Tells whoever is to be told of a publish, as often as it takes; nothing that is published waits for it.

One process sends: whoever holds a lock beside the publication. In it there is a thread for each turn, so that a slow
hub keeps no cache from letting go.
"""

import logging
import os
import random
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

from feedsvc.announcing import Target, targets
from feedsvc.announcing.target import COPIES, TURNS, Answer, Asking
from feedsvc.errors import cut, printable
from feedsvc.publication.database import StoreError
from feedsvc.publication.memory import memory_path
from feedsvc.publication.outbox import Outbox, Told
from feedsvc.publication.reader import Reader
from feedsvc.settings import Settings
from feedsvc.system import hold

log = logging.getLogger("feedsvc.outbox")

FIRST_WAIT, LONGEST_WAIT = 10.0, 3_600.0  # seconds; twice as long after each refusal
LOOK_AGAIN = 2.0  # seconds: another process may have published
EARLIER_FIRST = 0.1  # seconds between looks whether all whose turn is earlier were told
EARLIER_FIRST_AT_MOST = 60.0  # seconds after which the others wait no longer for one that refuses, or takes so long
LOCKS = ("copying", "purging", "telling")  # by turn
ENDED = (408, 429)  # refusals that end by themselves, as those of servers in trouble do
SAID_AT_MOST = 200
SECONDS_NOW = 15.0  # that somebody who publishes once waits

Ask = Callable[[Asking, float], Answer]


def ask(asking: Asking, now: float) -> Answer:
    """Ask somebody else's server."""
    from feedsvc.announcing import client  # noqa: PLC0415  # it loads TLS, and most sites tell nobody

    return client.ask(asking, now)


class Sender:
    """Tells those of one turn what they are owed. ``clock`` gives seconds since 1970."""

    def __init__(self, settings: Settings, clock: Callable[[], float], *, turn: int, ask: Ask = ask) -> None:
        self._settings = settings
        self._clock = clock
        self._turn = turn
        self._ask = ask
        self._outbox: Outbox | None = None
        self._names: list[str] | None = None  # of those who are told
        self._waits_since: float | None = None  # for those whose turn is earlier

    def close(self) -> None:
        """Let go of the memory."""
        if self._outbox is not None:
            self._outbox.close()
        self._outbox = None

    def send(self) -> float | None:
        """Tell what is due, one request a target; when there is more, in seconds since 1970. None while there is not.

        StoreError while the memory cannot be read. What is not published is told to nobody.
        """
        try:
            with Reader(self._settings.publication) as reader:
                generation, state = reader.state()
        except StoreError:
            return None
        outbox = self._outbox = self._outbox or Outbox(memory_path(self._settings.publication))
        everybody = targets(self._settings, state.hubs.split(), state.site_url)
        names = [target.name for target in everybody]
        if self._turn == TURNS[0] and names != self._names:
            outbox.keep_only(names)
            outbox.owe([target.name for target in everybody if target.turn == COPIES], generation)
            self._names = names
        if self._is_waiting(outbox, [target for target in everybody if target.turn < self._turn], generation):
            return self._clock() + EARLIER_FIRST
        mine = [target for target in everybody if target.turn == self._turn]
        for target in mine:
            self._tell(outbox, target, generation)
        return outbox.next_due([target.name for target in mine], generation)

    def _is_waiting(self, outbox: Outbox, earlier: Sequence[Target], generation: int) -> bool:
        """Whether somebody earlier is still to be told of something, and may be so soon."""
        now = self._clock()
        if not any(self._is_awaited(outbox, target, generation) for target in earlier):
            self._waits_since = None
            return False
        self._waits_since = now if self._waits_since is None else self._waits_since
        return now - self._waits_since <= EARLIER_FIRST_AT_MOST

    def _is_awaited(self, outbox: Outbox, target: Target, generation: int) -> bool:
        since = outbox.told(target.name).since
        is_lost = since and self._clock() - since > EARLIER_FIRST_AT_MOST
        return not is_lost and outbox.is_new(target.name, generation)

    def _tell(self, outbox: Outbox, target: Target, generation: int) -> None:
        now, told = self._clock(), outbox.told(target.name)
        parcel = outbox.due(target.name, generation, now, target.most, target.octets) if told.due <= now else None
        if parcel is None or not parcel.rows:
            return
        asking = target.ask(parcel.addresses)
        answer = self._ask(asking, now) if isinstance(asking, Asking) else asking()
        said = printable(cut(f"{answer.status or ''} {answer.words}".strip(), SAID_AT_MOST))
        now, told = self._clock(), replace(told, said=said)
        if 200 <= answer.status < 300 and target.is_accepted(answer):
            if told.since:
                log.info("%s accepts again what it is told", target.name)
            again = None if target.again is None else now + target.again
            told = replace(told, due=now + target.pause, tries=0, since=0, accepted=told.accepted + len(parcel.rows))
            outbox.settle(parcel, told, again)
        elif 300 <= answer.status < 500 and answer.status not in ENDED:
            log.error("%s refuses what it is told (%s), so it is not told again", told.name, told.said)
            told = replace(told, due=now + target.pause, given_up=told.given_up + len(parcel.rows))
            outbox.settle(parcel, told)
        else:
            self._wait(outbox, target, told, answer.retry_after, generation)

    def _wait(self, outbox: Outbox, target: Target, told: Told, asked: float, generation: int) -> None:
        """It does not answer, or asks to be asked later."""
        now = self._clock()
        if not told.since:
            log.warning("%s cannot be told what changed (%s); it is tried again", target.name, told.said)
        elif now - told.since > target.patience:
            gone = outbox.give_up(replace(told, due=0, tries=0, since=0), generation)
            log.error("%s has refused for days (%s); %d changes are given up", target.name, told.said, gone)
            return
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2**told.tries) * random.uniform(0.5, 1.5)  # noqa: S311  # no secret
        due = now + max(wait, asked)
        outbox.note(replace(told, due=due, tries=told.tries + 1, since=told.since or now))


def send_now(settings: Settings, clock: Callable[[], float], seconds: float = SECONDS_NOW) -> None:
    """Tell what can be told in so many seconds, if no other process does it anyway; the rest is told another time."""
    deadline = monotonic() + seconds
    for turn in TURNS:
        if (lock := take_lock(settings.publication, turn)) is None:
            continue
        with closing(Sender(settings, clock, turn=turn)) as sender:
            try:
                while (due := sender.send()) is not None and monotonic() + (wait := due - clock()) < deadline:
                    sleep(max(0.0, wait))
            finally:
                os.close(lock)


class Announcer:
    """The senders of a process that stays, each in a thread, for as long as no other process has any."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._stop = threading.Event()
        self._news = [threading.Event() for _ in TURNS]
        self._threads = [
            threading.Thread(target=self._run, args=(turn, news), name="announcer", daemon=True)
            for turn, news in zip(TURNS, self._news, strict=True)
        ]

    def start(self) -> None:
        """Begin to tell."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """There may be something to tell."""
        for news in self._news:
            news.set()

    def stop(self) -> None:
        """Tell no more; what is being said may still be answered, or is said again another time."""
        self._stop.set()
        self.wake()

    def _run(self, turn: int, news: threading.Event) -> None:
        lock: int | None = None
        sender = Sender(self._settings, self._clock, turn=turn)
        said = ""
        try:
            while not self._stop.is_set():
                news.clear()
                wait = LOOK_AGAIN
                lock = take_lock(self._settings.publication, turn) if lock is None else lock
                try:
                    due = sender.send() if lock is not None else None
                    wait = LOOK_AGAIN if due is None else max(0.0, min(LOOK_AGAIN, due - self._clock()))
                    said = ""
                except StoreError as fault:
                    sender.close()
                    if str(fault) != said:
                        said = str(fault)
                        log.warning("nobody can be told of changes: %s; it is tried again", said)
                except Exception:
                    log.exception("telling others of changes fails; it is tried again")
                news.wait(wait)
        finally:
            sender.close()
            if lock is not None:
                os.close(lock)


def take_lock(publication: Path, turn: int) -> int | None:
    """A descriptor that makes this the one process that tells those of a turn; None while another one is."""
    return hold(publication.with_name(f"{publication.name}-{LOCKS[turn]}"))
