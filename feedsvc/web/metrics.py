"""``/metrics`` in Prometheus' text format, where ``FEEDSVC_METRICS`` asks for it; right for all workers together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Response
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from feedsvc.publication.condition import Condition
from feedsvc.publication.outbox import Told
from feedsvc.publication.status import CAUSES, Publishing, Supervision
from feedsvc.web.counts import add_up


@dataclass(frozen=True)
class ServiceCollector(Collector):
    """What the service knows of itself at ``now``, in seconds since 1970; nothing of drafts or of what waits."""

    found: Condition
    counts: Path
    told: tuple[Told, ...]
    now: float

    def collect(self) -> Iterator[Metric]:
        """Requests by kind and status, how publishing goes, and what is published while anything is."""
        found = self.found
        requests = CounterMetricFamily("feedsvc_requests", "Requests answered.", labels=("kind", "status"))
        for (kind, status), count in sorted(add_up(self.counts).items()):
            requests.add_metric((kind, str(status or "other")), count)
        yield requests
        degraded = {label: any(reason.cause.label == label for reason in found.reasons) for label in CAUSES}
        words = "Whether this keeps a saved file from being published in time."
        yield _count(GaugeMetricFamily("feedsvc_degraded", words, labels=("cause",)), degraded)
        publishing, supervision = found.publishing or Publishing(), found.supervision or Supervision()
        publishes = CounterMetricFamily("feedsvc_publishes", "Publishes by outcome.", labels=("outcome",))
        yield _count(publishes, publishing.counts)
        yield CounterMetricFamily(
            "feedsvc_publisher_ends", "Publishing processes that ended unasked.", supervision.total
        )
        yield GaugeMetricFamily("feedsvc_publish_duration_seconds", "Duration of the last publish.", publishing.seconds)
        yield from _announced(self.told)
        yield GaugeMetricFamily("feedsvc_generation", "Number of the published generation.", found.generation)
        if found.pointer_age is not None:
            told = "Seconds for which the store of replicas has not said what stands here."
            yield GaugeMetricFamily("feedsvc_pointer_age_seconds", told, found.pointer_age)
        if not found.generation:
            return
        yield GaugeMetricFamily("feedsvc_entries", "Updates in the feeds.", found.entries)
        yield GaugeMetricFamily(
            "feedsvc_held_back_files", "Files that are not published as they stand.", found.held_back
        )
        if found.newest is not None:
            age = self.now - found.newest
            yield GaugeMetricFamily("feedsvc_newest_entry_age_seconds", "Age of the newest update.", age)


def _announced(told: tuple[Told, ...]) -> Iterator[Metric]:
    """How it goes with those who are told of changes."""
    accepted = CounterMetricFamily("feedsvc_announced", "Changes that were accepted.", labels=("target",))
    given_up = CounterMetricFamily("feedsvc_announcing_given_up", "Changes that were given up.", labels=("target",))
    owed = GaugeMetricFamily("feedsvc_announcing_owed", "Changes that are still to be told.", labels=("target",))
    yield _count(accepted, {each.name: each.accepted for each in told})
    yield _count(given_up, {each.name: each.given_up for each in told})
    yield _count(owed, {each.name: each.owed for each in told})


def _count(family: CounterMetricFamily | GaugeMetricFamily, counts: Mapping[str, float]) -> Metric:
    """A metric with a value for each of those that its label names."""
    for value, count in counts.items():
        family.add_metric((value,), count)
    return family


def metrics(found: Condition, counts: Path, told: tuple[Told, ...], now: float) -> Response:
    """Every metric as it is now; never cached."""
    return Response(generate_latest(ServiceCollector(found, counts, told, now)), content_type=CONTENT_TYPE_LATEST)
