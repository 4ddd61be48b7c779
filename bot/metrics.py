"""Metrics: how many requests and messages, by door and outcome; never who or what."""

from collections.abc import Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector


class OutboxCollector(Collector):
    """Hands the counts of the running bot to Prometheus' own writer."""

    def __init__(self) -> None:
        self.requests: Mapping[tuple[str, str], int] = {}
        self.deliveries: Mapping[tuple[str, str], int] = {}
        self.waiting: Mapping[str, int] = {}

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
        for state in ("pending", "sending", "unknown", "rejected", "needs_human"):
            waiting.add_metric([state], self.waiting.get(state, 0))
        yield waiting
