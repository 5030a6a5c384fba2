"""What Lighthouse says of five kinds of page, as on a telephone: ``python -m tests.lighthouse``.

It is fetched with npx, so it is no part of the suite. The shipped site is served by the Procfile's command. Speed
depends on what else the machine does, so of some tries the best one counts.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.conftest import BROWSERS
from tests.harness.folder import SHIPPED, publish_folder
from tests.harness.judges import find_program
from tests.harness.service import serving

PAGES = {
    "home": "/",
    "category": "/covid/",
    "update": "/updates/status-quo-checklist/",
    "subscribe": "/covid/subscribe/",
    "search": "/search/",
}
# what falls short on purpose, and why
REASONS = {("search", "is-crawlable"): "search engines are to find updates, not the page that searches them"}
TRIES = 6


def main() -> int:
    """Print the scores of each kind of page, and what they fall short for; 1 where there is no reason for it."""
    faults = 0
    with TemporaryDirectory() as name:
        publication = Path(name) / "instance" / "publication.db"
        publish_folder(SHIPPED, publication)
        with serving(publication) as service:
            for kind, path in PAGES.items():
                scores, short = judge_often(f"http://127.0.0.1:{service.port}{path}", Path(name))
                print(f"{kind}: {', '.join(f'{title} {score}' for title, score in scores.items())}")
                for audit in short:
                    reason = REASONS.get((kind, audit))
                    faults += reason is None
                    print(f"    {audit}: {reason or 'NO REASON'}")
    print(f"{faults} faults")
    return 1 if faults else 0


def judge_often(url: str, folder: Path) -> tuple[dict[str, int], list[str]]:
    """The scores of a page, and the audits that are not full, from the fastest of some tries."""
    tries = []
    for _ in range(TRIES):
        report = judge(url, folder)
        tries.append((_scores(report), _short(report)))
        if tries[-1][0]["performance"] == 100:
            break
    return max(tries, key=lambda one: one[0]["performance"])


def judge(url: str, folder: Path) -> Any:
    """Lighthouse's own report."""
    npx, chromium = find_program("npx", package="npm"), find_program(*BROWSERS, package="chromium")
    out = folder / "report.json"
    flags = f"--headless=new {'--no-sandbox' if os.geteuid() == 0 else ''}"
    options = ["--quiet", "--output=json", f"--output-path={out}", f"--chrome-flags={flags}"]
    command = [npx, "--yes", "lighthouse@12", url, *options]
    subprocess.run(command, check=True, env=os.environ | {"CHROME_PATH": chromium, "CI": "1"})
    return json.loads(out.read_text())


def _scores(report: Mapping[str, Any]) -> dict[str, int]:
    return {name: round(100 * (category["score"] or 0)) for name, category in report["categories"].items()}


def _short(report: Mapping[str, Any]) -> list[str]:
    """The audits for which a category has less than all it could have."""
    return [
        audit["id"]
        for category in report["categories"].values()
        if round(100 * (category["score"] or 0)) < 100
        for audit in category["auditRefs"]
        if audit["weight"] and (report["audits"][audit["id"]]["score"] or 0) < 1
    ]


if __name__ == "__main__":
    sys.exit(main())
