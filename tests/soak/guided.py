"""Content files changed bit by bit towards code that none has reached: run as ``python -m tests.soak.guided -runs=N``.

Needs atheris, which is not among the development requirements: few systems have it.
"""

import sys
from importlib import import_module

atheris = import_module("atheris")
with atheris.instrument_imports(include=["feedsvc", "yaml"]):
    from tests.soak.inputs import load


def main() -> None:
    atheris.Setup(sys.argv, load)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
