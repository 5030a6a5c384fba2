"""What anybody may ask: whether a file that is saved now would be published in time. The responder says ``/healthz``.

Not a word of a file, of a draft or of what waits is told here; who operates the machine has the log and
``feedsvc status``.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify

from feedsvc.publication.condition import Condition

UNPUBLISHED = "nothing is published yet"


def health(look: Callable[[], Condition]) -> Blueprint:
    """``/readyz``; it is never cached. ``look`` gives the condition of now."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/readyz")
    def readyz() -> tuple[Response, int]:
        """200 with counts of what is published and held back; 503 while nothing is published."""
        found = look()
        words = [reason.cause.words for reason in found.reasons]
        if found.status == "unpublished":
            words.insert(0, UNPUBLISHED)
        answer = jsonify(
            status=found.status,
            since=None if not found.since else datetime.fromtimestamp(int(found.since), UTC).isoformat(),
            reason="; ".join(words) or None,
            generation=found.generation,
            entries=found.entries,
            held_back=found.held_back,
        )
        return answer, 503 if found.status == "unpublished" else 200

    return blueprint
