"""``/metrics`` in Prometheus' text format, for who installed ``feedsvc[metrics]``; right for all workers together."""

from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from feedsvc.publication.reader import StoreError
from feedsvc.web.counts import add_up
from feedsvc.web.responder import Responder


class ServiceCollector(Collector):
    """What the service knows of itself, read anew each time it is asked."""

    def __init__(self, responder: Responder, counts: Path, clock: Callable[[], float]) -> None:
        self._responder = responder
        self._counts = counts
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        """Requests by kind and status, and the state of the publication while there is one."""
        requests = CounterMetricFamily("feedsvc_requests", "Requests answered.", labels=("kind", "status"))
        for (kind, status), count in sorted(add_up(self._counts).items()):
            requests.add_metric((kind, str(status or "other")), count)
        yield requests
        try:
            reader = self._responder.reader()
            generation, state = reader.state()
            held = reader.held_back()
        except StoreError:
            generation, state, held = 0, {}, []
        yield GaugeMetricFamily("feedsvc_generation", "Number of the published generation.", generation)
        if not state:
            return
        yield GaugeMetricFamily("feedsvc_entries", "Updates in the feeds.", int(state["entries"]))
        files = {problem.file for problem, _ in held} | ({"site.yaml"} if state["site_problems"] != "[]" else set())
        yield GaugeMetricFamily("feedsvc_held_back_files", "Files that are not published as they stand.", len(files))
        if state["newest"]:
            age = self._clock() - int(state["newest"])
            yield GaugeMetricFamily("feedsvc_newest_entry_age_seconds", "Age of the newest update.", age)
        yield from self._of_publishing(state)

    def _of_publishing(self, state: dict[str, str]) -> Iterator[Metric]:
        publishes = CounterMetricFamily("feedsvc_publishes", "Publishes by outcome.", labels=("outcome",))
        for outcome in ("published", "unchanged", "held", "failed"):
            publishes.add_metric((outcome,), int(state.get(f"count_{outcome}", "0")))
        yield publishes
        seconds = float(state.get("publish_seconds", "0"))
        yield GaugeMetricFamily("feedsvc_publish_duration_seconds", "Duration of the last publish.", seconds)


def metrics(responder: Responder, counts: Path, clock: Callable[[], float]) -> Blueprint:
    """The ``/metrics`` page; never cached."""
    blueprint = Blueprint("metrics", __name__)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(ServiceCollector(responder, counts, clock))

    @blueprint.get("/metrics")
    def show() -> Response:
        """Every metric as it is now."""
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return blueprint
