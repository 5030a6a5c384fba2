"""What anybody may ask: whether a file that is saved now would be published in time. The responder says ``/healthz``.

Not a word of a file, of a draft or of what waits is told here; who operates the machine has the log and
``feedsvc status``.
"""

from datetime import UTC, datetime

from flask import Response, jsonify

from feedsvc.publication.condition import Condition


def readyz(found: Condition) -> tuple[Response, int]:
    """200 with counts of what is published and held back; 503 while nothing is published. It is never cached.

    Where there is a store of replicas, ``pointer_age`` tells for how many seconds it has not said what stands here.
    """
    words = [reason.cause.words for reason in found.reasons]
    if found.status == "unpublished":
        words.insert(0, "nothing is published yet")
    age = {} if found.pointer_age is None else {"pointer_age": int(found.pointer_age)}
    answer = jsonify(
        status=found.status,
        since=None if not found.since else datetime.fromtimestamp(int(found.since), UTC).isoformat(),
        reason="; ".join(words) or None,
        generation=found.generation,
        entries=found.entries,
        held_back=found.held_back,
        **age,
    )
    return answer, 503 if found.status == "unpublished" else 200
