"""Metrics: how many requests and messages, by door and outcome, and how many a person gets; never who or what."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

KINDS = ("page", "answer", "prompt", "digest")
QUANTILES = (0.5, 0.9, 1.0)


def quantile(counts: Sequence[int], share: float) -> int:
    """The count that this share of people does not exceed; 0 when there are no people."""
    return sorted(counts)[ceil(share * len(counts)) - 1] if counts else 0


class OutboxCollector(Collector):
    """Hands the counts of the running bot to Prometheus' own writer."""

    def __init__(self) -> None:
        self.requests: Mapping[tuple[str, str], int] = {}
        self.deliveries: Mapping[tuple[str, str], int] = {}
        self.waiting: Mapping[str, int] = {}
        self.people: Sequence[Mapping[str, int]] = []

    def collect(self) -> Iterator[Metric]:
        requests = CounterMetricFamily("cityops_requests", "Requests by door and outcome", labels=["door", "outcome"])
        for (door, outcome), count in self.requests.items():
            requests.add_metric([door, outcome], count)
        yield requests
        tries = CounterMetricFamily("cityops_deliveries", "Tries by platform and result", labels=["platform", "result"])
        for (platform, result), count in self.deliveries.items():
            tries.add_metric([platform, result], count)
        yield tries
        waiting = GaugeMetricFamily("cityops_outbox", "Messages not yet delivered, by state", labels=["state"])
        for state in ("pending", "sending", "unknown", "rejected", "needs_human", "quiet"):
            waiting.add_metric([state], self.waiting.get(state, 0))
        yield waiting
        yield self._per_person()

    def _per_person(self) -> Metric:
        """Over everybody who was written to; who got none of a kind counts as 0 there."""
        told = "Messages that a person got in 24 hours, over those who got any, without what a gesture answers itself"
        metric = GaugeMetricFamily("cityops_messages_per_person_24h", told, labels=["kind", "quantile"])
        counts = {kind: [one.get(kind, 0) for one in self.people] for kind in KINDS}
        counts["all"] = [sum(one.values()) for one in self.people]
        for kind, numbers in counts.items():
            for share in QUANTILES:
                metric.add_metric([kind, f"{share:g}"], quantile(numbers, share))
        return metric
