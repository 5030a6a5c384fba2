"""Random edits of a content folder: after each, what is published equals a fresh build of what is good.

Run as ``python -m tests.soak.histories``; the suite runs a few hundred of the ten thousand steps.
"""

import argparse
import os
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from feedsvc.content.loader import load_content
from feedsvc.publication.memory import memory_path
from feedsvc.publication.reader import Reader
from feedsvc.publication.store import Store
from feedsvc.publishing.publisher import Publisher
from feedsvc.publishing.request import Outcome, Request
from feedsvc.publishing.scan import legible
from feedsvc.settings import Settings
from tests.harness.folder import SITE, copy_memory, write_folder, write_update

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CATEGORIES = ("covid", "pay", "safety", "security")
FORMER = {"safety": "security", "security": "safety"}  # one category under two slugs, of which one is the former
ITEM = "  - slug: {0}\n    title: {1}\n    description: About {0}.\n    since: 2024-01-05\n"
SPANISH = "translations: {es: {title: Avisos, categories: {pay: {title: Salarios}}}}\n"
DAYS_ENDED = (-0.001, 0, 30, 364.99, 366)  # ago; a year later a category has no place any more
PASSED = ("so nothing leads from there", "no update has the slug")  # what is checked, and holds nothing back
MINUTES = (*(0, 1, 600) * 8, 40 * 24 * 60)  # from step to step; now and then beyond all that stays for thirty days
FILES = ("rules.pdf", "map.pdf", "deep/notes.txt")
MISTAKES = ("title: [", "no fields at all", "title: x\ntitle: y\n", "\x00", "colour: red\n", "")
NAMES = (
    b"caf\xe9.yaml",
    b"new\nline.yaml",
    b"\xed\xa0\x80.yaml",
    b"UPPER.yaml",
    b"two words.yml",
    b"quo\"te'.yaml",
    b"\\xe9.yaml",
)
ODD = "title: Oddly named\npublished: 2026-02-01\ncategories: [covid]\nbody: Text {}.\n"
STAND_IN = "title: Unreadable\nsummary: Short.\npublished: 2026-02-01\ncategories: [{}]\nbody: Text.\ndraft: true\n"


class History:
    """A content folder that is edited at random, a publisher beside it, and a folder of what is good."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.root = write_folder(folder / "content", 3)
        self.good = folder / "good" / "content"
        self.fresh = folder / "fresh.db"
        self.path = folder / "publication.db"
        self.store = Store(self.path)
        self.publisher = Publisher(Settings(content=self.root), self.store)
        self.categories = {slug: slug.title() for slug in CATEGORIES[:2]}
        self.ended: dict[str, datetime] = {}
        self.languages = ""
        self.moment = START
        self.done: Counter[str] = Counter()
        self.last: list[str] = []
        self.replaced: set[str] = set()  # files that were written in this step
        self._write_site()
        shutil.copytree(self.root, self.good)
        for name in FILES:
            self._write_file(name)
        self.held = self._follow(self._publish())

    def step(self) -> None:
        """One edit or a few at once, a publish, and the comparison."""
        edits: list[Callable[[], None]] = [
            *[self.write] * 6,
            *[self.spoil] * 3,
            *[self.delete] * 2,
            *[self.rename] * 2,
            *[self.harm_file] * 3,
            *[self.mend_file] * 3,
            *[self.change_site] * 2,
            *[self.mend_site] * 2,
            self.name_oddly,
            self.replace_folder,
            self.restart,
        ]
        self.last, self.replaced = [], set()
        for edit in self.chance.choices(edits, k=self.chance.choice((1, 1, 1, 2, 5))):
            edit()
            self.last.append(edit.__name__)
            self.done[edit.__name__] += 1
        self.moment += timedelta(minutes=self.chance.choice(MINUTES))
        self.held = self._follow(self._publish())
        self.compare()

    def write(self) -> None:
        """A good update, which may be there already."""
        number = self.chance.randint(1, 9)
        known = sorted(self._known())
        categories = self.chance.sample(known, min(len(known), self.chance.randint(1, 2)))
        offered = [name for name in FILES if self._is_whole(name) and self.chance.random() < 0.3]
        more = "attachments:\n" + "".join(f"  - file: {name}\n    title: The file\n" for name in offered)
        title = f"Version {self.chance.randint(1, 10_000)} of {number}"
        path = self._update(number)
        if path.is_dir():
            path.rmdir()
        write_update(
            self.root,
            number,
            title=title,
            categories=f"[{', '.join(categories)}]",
            more=(more if offered else "") + self._life(number),
            draft=str(self.chance.random() < 0.1).lower(),
        )

    def _life(self, number: int) -> str:
        """Dates, a correction, a withdrawal and former addresses, each now and then."""
        before = f"{self.moment - timedelta(minutes=self.chance.randint(0, 3_000)):%Y-%m-%d %H:%M}Z"
        after = self.moment + timedelta(minutes=self.chance.randint(1, 12_000))
        day, instant = f"{after:%Y-%m-%d}", f"{after:%Y-%m-%d %H:%M}Z"
        fields = {
            "expires": instant,
            "deadline": self.chance.choice((day, instant)) + self.chance.choice(("", "\nremind: 2 days")),
            "event": f"[{{start: {instant}, place: Room {number}}}, {{id: whole, start: {day}}}]",
            "changes": f"[{{date: {before}, note: Room {number} it is.}}]",
            "urgent_until": instant,
            "withdrawn": f"{before}\nreason: Nobody can come.",
            "replaces": f"update-{self.chance.randint(1, 12)}",
            "lang": self.chance.choice(("es", "es-MX", "en", "ar")),
            "translation_of": f"update-{self.chance.randint(1, 9)}",
            "related": f"[update-{self.chance.randint(1, 12)}]",
            "aliases": f"[update-{self.chance.randint(1, 14)}, former-{self.chance.randint(1, 3)}]",
        }
        return "".join(f"{name}: {text}\n" for name, text in fields.items() if self.chance.random() < 0.15)

    def spoil(self) -> None:
        """A file that says nothing that could be published."""
        path = self._update(self.chance.randint(1, 9))
        good = self.good / "updates" / path.name
        if not any(name in good.read_text() for name in self.replaced if good.is_file()):
            path.write_text(self.chance.choice(MISTAKES))

    def delete(self) -> None:
        """Take any update away."""
        for path in self._some_update():
            path.unlink()

    def rename(self) -> None:
        """Give an update another name, and so another address."""
        for path in self._some_update():
            target = self._update(self.chance.randint(10, 14))
            if not target.exists():
                path.rename(target)

    def harm_file(self) -> None:
        """Make a file one that cannot be offered."""
        path = self.root / "files" / self.chance.choice(FILES)
        if self.replaced:  # who offers both would keep the facts of before
            return
        _remove(path)
        kind = self.chance.choice(("gone", "large", "folder", "nowhere", "pipe"))
        if kind == "large":
            with path.open("wb") as file:
                file.truncate(17 * 1024 * 1024)
        elif kind == "folder":
            path.mkdir()
        elif kind == "nowhere":
            path.symlink_to("nowhere.pdf")
        elif kind == "pipe":
            os.mkfifo(path)

    def mend_file(self) -> None:
        """Put a good file in its place, or in place of a good one."""
        name = self.chance.choice(FILES)
        if not any(self._falls_back(path, name) for path in (self.good / "updates").iterdir()):
            self._write_file(name)
            self.replaced.add(name)

    def change_site(self) -> None:
        """Another title, a language, or a category more, less, renamed, ended, or moved to another address."""
        kind = self.chance.choice(("title", "more", "less", "renamed", "moved", "ended", "languages"))
        slug = self.chance.choice(CATEGORIES)
        other = FORMER.get(slug, "")
        if kind == "moved" and slug in self.categories and other:
            self.categories[other] = self.categories.pop(slug)
        elif kind == "more" and other not in self.categories:
            self.categories[slug] = self.categories.get(slug, slug.title())
        elif kind == "less" and len(self.categories) > 1:
            self.categories.pop(slug, None)
        elif kind == "renamed" and slug in self.categories:
            self.categories[slug] = f"{slug.title()} {self.chance.randint(1, 99)}"
        elif kind == "ended" and not self.ended.pop(slug, None):
            self.ended[slug] = self.moment - timedelta(days=self.chance.choice(DAYS_ENDED))
        elif kind == "languages":
            self.languages = "" if self.languages else SPANISH
        self._write_site(f"Local {self.chance.randint(1, 99)} Updates")

    def mend_site(self) -> None:
        """A site that every update can live with, or a broken one."""
        if self.chance.random() < 0.3:
            (self.root / "site.yaml").write_text(self.chance.choice(MISTAKES))
        else:
            known = self._known()
            self.categories = {slug: title for slug, title in self.categories.items() if FORMER.get(slug) not in known}
            self.categories = {slug: slug.title() for slug in known} | self.categories
            self._write_site()

    def name_oddly(self) -> None:
        """A file of a name that nobody should give, or all of them gone again."""
        for folder in (self.root / "updates", self.root / "files"):
            for name in NAMES:
                Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).unlink(missing_ok=True)
            if self.chance.random() < 0.7:
                odd = Path(os.fsdecode(os.fsencode(folder) + b"/" + self.chance.choice(NAMES)))
                odd.write_text(ODD.format(self.chance.random()))

    def replace_folder(self) -> None:
        """Exchange the folder of updates for a copy of it, as tools deploy."""
        copy = self.root / "prepared"
        shutil.copytree(self.root / "updates", copy, symlinks=True)
        shutil.rmtree(self.root / "updates")
        copy.rename(self.root / "updates")

    def restart(self) -> None:
        """Begin with what is stored."""
        self.store.close()
        self.store = Store(self.path)
        self.publisher = Publisher(Settings(content=self.root), self.store)

    def compare(self) -> None:
        """What is published is what a publisher that only remembers makes of what is good."""
        if "content/site.yaml" not in self.held:  # whoever reads everything anew finds the same mistakes, and no more
            problems = load_content(self.root, Settings(content=self.root)).problems
            found = [problem for problem in problems if not any(words in problem.message for words in PASSED)]
            assert {legible(problem.file) for problem in found} == self.held, (self.last, self.held, *map(str, found))
        for path in (self.fresh, memory_path(self.fresh)):
            path.unlink(missing_ok=True)
        copy_memory(self.path, self.fresh)
        spoilt = [
            self.good / "updates" / Path(name).name for name in self.held if name.startswith("content/updates/2026")
        ]
        stand_ins = [path for path in spoilt if not path.exists()]  # what is there, though unreadable, is not gone
        for path in stand_ins:
            path.write_text(STAND_IN.format(min(self._known())))
        store = Store(self.fresh)
        outcome = Publisher(Settings(content=self.good, publication=self.fresh), store).publish(self.moment)
        store.close()
        for path in stand_ins:
            path.unlink()
        assert outcome.problems == (), (self.last, outcome.problems)
        expected, published = _documents(self.fresh), _documents(self.path)
        differing = sorted(
            path for path in expected.keys() | published.keys() if expected.get(path) != published.get(path)
        )
        assert not differing, (self.last, differing, self.held)

    def _publish(self) -> Outcome:
        return self.publisher.publish(self.moment, Request(may_drop=True))

    def _follow(self, outcome: Outcome) -> set[str]:
        """Bring what is good up to date with everything that is not reported; what is."""
        held = {problem.file for problem in outcome.problems}
        listed = {path.name for path in (self.root / "updates").iterdir()}
        for path in (self.good / "updates").iterdir():
            is_draft = "draft: true" in path.read_text()  # of which nothing is in force
            if path.name not in listed or (is_draft and f"content/updates/{path.name}" in held):
                path.unlink()
        for path in (self.root / "updates").iterdir():
            if f"content/updates/{path.name}" not in held and path.is_file() and path.name.startswith("2026"):
                shutil.copy(path, self.good / "updates")
        if "content/site.yaml" not in held:
            shutil.copy(self.root / "site.yaml", self.good)
        for name in FILES:
            if self._is_whole(name):
                (self.good / "files" / name).parent.mkdir(exist_ok=True)
                shutil.copy(self.root / "files" / name, self.good / "files" / name)
        return held

    def _falls_back(self, good: Path, name: str) -> bool:
        """Whether an update that offers a file is held back for something else, and keeps the facts of before."""
        text, now = good.read_text(), self.root / "updates" / good.name
        others = [other for other in FILES if other != name and other in text]
        is_same = now.is_file() and now.read_text(errors="replace") == text
        return name in text and not (is_same and all(map(self._is_whole, others)))

    def _known(self) -> set[str]:
        """The categories of the site in force."""
        text = (self.good / "site.yaml").read_text()
        return {slug for slug in CATEGORIES if f"slug: {slug}\n" in text}

    def _write_site(self, title: str = "Local 7 Updates") -> None:
        # always in one order: who falls back keeps the order of before
        frame = SITE[: SITE.index("  - slug: covid")].replace("Local 7 Updates", title)
        items = "".join(self._write_category(slug) for slug in CATEGORIES if slug in self.categories)
        (self.root / "site.yaml").write_text(self.languages + frame + items)

    def _write_category(self, slug: str) -> str:
        former = f"    aliases: [{FORMER[slug]}]\n" if slug in FORMER else ""
        ended = f"    ended: {self.ended[slug]:%Y-%m-%d %H:%M}Z\n" if slug in self.ended else ""
        return ITEM.format(slug, self.categories[slug]) + former + ended

    def _write_file(self, name: str) -> None:
        path = self.root / "files" / name
        _remove(path)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"%PDF-1.4 " + bytes(self.chance.choices(b"abc", k=self.chance.randint(1, 40))))

    def _is_whole(self, name: str) -> bool:
        path = self.root / "files" / name
        return path.is_file() and path.stat().st_size < 1000

    def _update(self, number: int) -> Path:
        return self.root / "updates" / f"2026-02-01-update-{number}.yaml"

    def _some_update(self) -> list[Path]:
        paths = sorted((self.root / "updates").glob("2026-*.yaml"))
        return [self.chance.choice(paths)] if paths else []


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _documents(publication: Path) -> dict[str, bytes]:
    reader = Reader(publication)
    try:
        return {found.path: found.variants.identity for found in reader.every()}
    finally:
        reader.close()


def play(folder: Path, seed: int, steps: int) -> History:
    """So many steps of one history."""
    history = History(folder, seed)
    try:
        for _ in range(steps):
            history.step()
    finally:
        history.store.close()
    return history


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    began, each = time.monotonic(), min(200, given.steps)
    done: Counter[str] = Counter()
    for seed in range(given.seed, given.seed + given.steps // each):
        with TemporaryDirectory() as folder:
            try:
                done += play(Path(folder), seed, each).done
            except BaseException:
                print(f"in the history of seed {seed}", file=sys.stderr)
                raise
        print(f"{done.total()} steps, {time.monotonic() - began:.0f} seconds", flush=True)
    print(f"{given.steps} steps, {dict(done)}, {time.monotonic() - began:.0f} seconds: always as a fresh build")


if __name__ == "__main__":
    main()
