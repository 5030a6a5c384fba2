"""Which packages have newer releases than those that are pinned: run as ``python -m tests.outdated``.

Looks at the pins of ``requirements.txt`` and at those of ``pyproject.toml`` that are exact.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping

from tests.harness.program import ROOT

PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


def pins() -> dict[str, str]:
    """The release of every package that is pinned to one, by name."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    declared = "\n".join(requirement for extra in extras.values() for requirement in extra)
    return dict(PIN.findall(f"{declared}\n{(ROOT / 'requirements.txt').read_text()}"))


def newest(names: Iterable[str]) -> dict[str, str]:
    """The newest release of each package that pip would take, by name."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--no-deps", "-qq"]
    command += ["--disable-pip-version-check", "--report", "-", *names]
    report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    found = [item["metadata"] for item in report["install"]]
    return {re.sub(r"[-_.]+", "-", package["name"]).lower(): package["version"] for package in found}


def behind(pinned: Mapping[str, str], released: Mapping[str, str]) -> list[str]:
    """A line for each package whose newest release is not the one pinned."""
    return [
        f"{name} {version} -> {released[name]}"
        for name, version in sorted(pinned.items())
        if name in released and released[name] != version
    ]


def main() -> None:
    pinned = pins()
    lines = behind(pinned, newest(pinned))
    print("\n".join(lines) or f"None of {len(pinned)} pinned packages has a newer release.")


if __name__ == "__main__":
    main()
