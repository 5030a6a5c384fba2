"""What operators ask: whether this process lives, and whether it has something to serve."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify

from feedsvc.errors import Problem
from feedsvc.publication.reader import StoreError
from feedsvc.web.responder import Responder


def health(responder: Responder) -> Blueprint:
    """``/healthz`` and ``/readyz``; neither is ever cached."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        """The process answers: nothing more."""
        return jsonify(status="ok")

    @blueprint.get("/readyz")
    def readyz() -> tuple[Response, int]:
        """200 with what is published and what is held back; 503 while nothing is published."""
        try:
            reader = responder.reader()
            generation, state = reader.state()
            held = [*_of_site(state), *reader.held_back()]
        except StoreError as fault:
            return jsonify(status="unpublished", reason=str(fault)), 503
        if generation < 1:
            return jsonify(status="unpublished", reason="nothing is published yet"), 503
        return jsonify(
            status="degraded" if held or state["held_change"] else "ok",
            generation=generation,
            entries=int(state["entries"]),
            next_change=_instant(int(state["next_change"])) if state["next_change"] else None,
            held_change=state["held_change"] or None,
            held_back=[
                {
                    "file": problem.file,
                    "line": problem.line,
                    "column": problem.column,
                    "message": str(problem),
                    "since": _instant(since),
                }
                for problem, since in held
            ],
        ), 200

    return blueprint


def _of_site(state: Mapping[str, str]) -> list[tuple[Problem, int]]:
    """What keeps ``site.yaml`` from being followed, and since when."""
    return [(Problem(**problem), int(state["site_since"])) for problem in json.loads(state.get("site_problems", "[]"))]


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
