"""When a publish fails in a way that nobody foresaw: the sources it was to take in are tried in parts.

What can be published is published on the way; what is left in the end fails by itself, and is that source's fault.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

Outcome = TypeVar("Outcome")


def isolate(
    names: Iterable[str],
    publish: Callable[[frozenset[str]], Outcome],
    condemn: Callable[[str, Exception], None],
    foreseen: tuple[type[Exception], ...],
) -> Outcome:
    """The outcome of the last publish, when everything is published but what ``condemn`` was told of.

    ``publish`` passes over the sources that it is given. When it fails even where all are passed over, no source is at
    fault, and its exception is raised; so are those that are ``foreseen``.
    """
    left = sorted(names)
    rest = set(left)
    parts = _halves(left)
    is_sound = False
    while parts:
        part = parts.pop()
        try:
            publish(frozenset(rest.difference(part)))
        except foreseen:
            raise
        except Exception as fault:  # noqa: BLE001  # whatever it is, that is what is looked for here
            if len(part) > 1:
                parts += _halves(part)
                continue
            if not is_sound:
                publish(frozenset(rest))
                is_sound = True
            condemn(part[0], fault)
        else:
            is_sound = True
        rest.difference_update(part)
    return publish(frozenset(rest))


def _halves(names: list[str]) -> list[list[str]]:
    """Both halves, the first one last; a single name is one part."""
    middle = len(names) // 2
    return [half for half in (names[middle:], names[:middle]) if half]
