"""Content folders of any size, always the same for the same size, and the same entries as a Hugo site.

Run as ``python -m tests.bench.generate content|hugo DIRECTORY ENTRIES``.
"""

import json
import random
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SEED = 7600
SHIPPED = Path(__file__).parents[2] / "content"
CATEGORIES = {"covid": "COVID", "bargaining": "Bargaining", "training": "Training", "pay": "Pay"}
FIRST = datetime(2020, 4, 1, 16, tzinfo=UTC)
LAST = datetime(2026, 1, 31, 16, tzinfo=UTC)
HUGO = Path(__file__).parent / "hugo"

VOCABULARY = """
members shift mask table notice manager steward unit clinic hospital pay raise check stub contract vote ballot
meeting training certificate course program deadline form question answer rule guideline screening temperature
vaccine dose leave schedule overtime break safety equipment gown glove respirator fit test supply department
national local alliance bargaining committee agreement proposal survey step result letter employer union right
health nurse technician pharmacy assistant transporter patient room entrance week month today tomorrow friday
before after during without under every first second next last new open free paid posted signed agreed asked
must should will can may need know bring write call tell read keep wear find take wait report share
"""
WORDS = VOCABULARY.split()


@dataclass(frozen=True, slots=True)
class Sample:
    """One made-up update."""

    stem: str
    title: str
    published: datetime
    categories: tuple[str, ...]
    summary: str
    body: str

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return self.stem[11:]


def make_samples(count: int) -> Iterator[Sample]:
    """``count`` updates, oldest first, spread evenly over the years; the same for the same count."""
    chance = random.Random(SEED)  # fixed, so that every run measures the same
    step = (LAST - FIRST) / max(count, 1)
    for number in range(count):
        published = (FIRST + step * number).replace(microsecond=0)
        title = _sentence(chance, 5, 9)[:-1]
        own, other = chance.sample(list(CATEGORIES), 2)
        yield Sample(
            stem=f"{published:%Y-%m-%d}-{'-'.join(title.lower().split()[:4])}-{number}",
            title=title,
            published=published,
            categories=(own, other) if chance.random() < 0.3 else (own,),
            summary=" ".join(_sentence(chance, 9, 14) for _ in range(2)),
            body=_body(chance),
        )


def write_content(root: Path, count: int, feed_length: int = 30) -> None:
    """A content folder of ours."""
    updates = root / "updates"
    updates.mkdir(parents=True)
    (root / "files").mkdir()
    for name in ("icon.png", "icon.svg", "logo.png"):
        shutil.copy(SHIPPED / "files" / name, root / "files")
    site = (SHIPPED / "site.yaml").read_text("utf-8")
    site = re.sub(r"(?m)^feed_length: .*$", f"feed_length: {feed_length}", site)
    (root / "site.yaml").write_text(site, "utf-8")
    for sample in make_samples(count):
        (updates / f"{sample.stem}.yaml").write_text(to_yaml(sample), "utf-8")


def to_yaml(sample: Sample, title: str | None = None) -> str:
    """The update as an author of ours writes it, under another title if one is given."""
    body = "".join(f"  {line}\n" if line else "\n" for line in sample.body.split("\n"))
    return (
        f"title: {json.dumps(title or sample.title)}\n"
        f'published: "{sample.published:%Y-%m-%dT%H:%M:%SZ}"\n'
        f"categories: [{', '.join(sample.categories)}]\n"
        f"summary: >-\n  {sample.summary}\n"
        f"body: |\n{body}"
    )


def write_hugo(root: Path, count: int, feed_length: int = 30) -> None:
    """A Hugo site of the same entries: a page for each, a page and an RSS feed with full content for each category."""
    shutil.copytree(HUGO, root)
    config = root / "config.toml"
    config.write_text(f"rssLimit = {feed_length}\n" + config.read_text("utf-8"), "utf-8")
    static = root / "static" / "files"
    static.mkdir(parents=True)
    for name in ("icon.png", "icon.svg", "logo.png"):
        shutil.copy(SHIPPED / "files" / name, static)
    updates = root / "content" / "updates"
    updates.mkdir(parents=True)
    for sample in make_samples(count):
        front = {
            "title": sample.title,
            "date": f"{sample.published:%Y-%m-%dT%H:%M:%SZ}",
            "slug": sample.slug,
            "categories": sample.categories,
            "description": sample.summary,
        }
        head = "".join(f"{name}: {json.dumps(value)}\n" for name, value in front.items())
        (updates / f"{sample.stem}.md").write_text(f"---\n{head}---\n{sample.body}", "utf-8")


def _body(chance: random.Random) -> str:
    """About a kilobyte of Markdown: emphasis, paragraphs, a heading, a list, links."""
    word = chance.choice
    steps = "\n".join(f"- **{word(WORDS).capitalize()} {word(WORDS)}:** {_sentence(chance, 6, 12)}" for _ in range(4))
    return (
        f"**{_sentence(chance, 10, 16)}** {_sentence(chance, 8, 14)}\n\n"
        f"## {_sentence(chance, 3, 6)[:-1]}\n\n"
        f"{steps}\n\n"
        f"{_paragraph(chance)} See [the {word(WORDS)} page](https://local7600.example/{word(WORDS)}/{word(WORDS)}).\n\n"
        f"> {_sentence(chance, 8, 14)}\n\n"
        f"{_paragraph(chance)} Questions? [Call the local](https://local7600.example/contact).\n"
    )


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance, 8, 16) for _ in range(3))


def _sentence(chance: random.Random, least: int, most: int) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(least, most))).capitalize() + "."


def main() -> None:
    """Write what the command line names."""
    kind, root, count = sys.argv[1:]
    {"content": write_content, "hugo": write_hugo}[kind](Path(root), int(count))


if __name__ == "__main__":
    main()
