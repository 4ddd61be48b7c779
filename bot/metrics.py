"""Metrics: how many requests and messages, by door and outcome, and how many a person gets; never who or what."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

KINDS = ("page", "answer", "prompt", "digest")
QUANTILES = (0.5, 0.9, 1.0)
Counted = tuple[Mapping[str, int], Sequence[Mapping[str, int]], int]  # rows by state, messages by person, faults


def quantile(counts: Sequence[int], share: float) -> int:
    """The count that this share of people does not exceed; 0 when there are no people."""
    return sorted(counts)[ceil(share * len(counts)) - 1] if counts else 0


class OutboxCollector(Collector):
    """Hands the counts of the running bot to Prometheus' own writer."""

    def __init__(self) -> None:
        self.requests: Mapping[tuple[str, str], int] = {}
        self.deliveries: Mapping[tuple[str, str], int] = {}
        self.ages: Mapping[str, float] = {}  # seconds since each part last succeeded
        self.counted: Counted | None = None  # None while the database does not answer

    def collect(self) -> Iterator[Metric]:
        requests = CounterMetricFamily("cityops_requests", "Requests by door and outcome", labels=["door", "outcome"])
        for (door, outcome), count in self.requests.items():
            requests.add_metric([door, outcome], count)
        yield requests
        tries = CounterMetricFamily("cityops_deliveries", "Tries by platform and result", labels=["platform", "result"])
        for (platform, result), count in self.deliveries.items():
            tries.add_metric([platform, result], count)
        yield tries
        told = "Seconds since this part last succeeded; more than 60 is trouble"
        ages = GaugeMetricFamily("cityops_seconds_since_success", told, labels=["part"])
        for part, age in self.ages.items():
            ages.add_metric([part], age)
        yield ages
        if self.counted:
            yield from self._counted(*self.counted)

    def _counted(
        self, states: Mapping[str, int], people: Sequence[Mapping[str, int]], set_aside: int
    ) -> Iterator[Metric]:
        waiting = GaugeMetricFamily("cityops_outbox", "Messages not yet delivered, by state", labels=["state"])
        for state in ("pending", "sending", "unknown", "rejected", "needs_human", "quiet"):
            waiting.add_metric([state], states.get(state, 0))
        yield waiting
        yield GaugeMetricFamily("cityops_parts_set_aside", "Parts that broke and were set aside", value=set_aside)
        yield self._per_person(people)

    def _per_person(self, people: Sequence[Mapping[str, int]]) -> Metric:
        """Over everybody who was written to; who got none of a kind counts as 0 there."""
        told = "Messages that a person got in 24 hours, over those who got any, without what a gesture answers itself"
        metric = GaugeMetricFamily("cityops_messages_per_person_24h", told, labels=["kind", "quantile"])
        counts = {kind: [person.get(kind, 0) for person in people] for kind in KINDS}
        counts["all"] = [sum(person.values()) for person in people]
        for kind, numbers in counts.items():
            for share in QUANTILES:
                metric.add_metric([kind, f"{share:g}"], quantile(numbers, share))
        return metric
