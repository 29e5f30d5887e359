"""Figures for Prometheus, collected when they are asked for."""

from collections.abc import Iterator

from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from console.service.api.asking import TheCaller
from console.service.service import Service
from console.status import silent_s_of

STATES = ("runs", "paused", "hangs", "died", "stopped", "ended", "unreadable")


class Figures:
    """A collector for `prometheus_client`."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        """All figures at this moment; devices of runs that go on."""
        briefs = self._service.briefs()
        states = GaugeMetricFamily("athanor_runs", "Runs by how they stand", labels=["state"])
        for state in STATES:
            states.add_metric([state], sum(brief.state == state for brief in briefs))
        yield states
        counts = {
            "athanor_samples": ("Samples that were begun", "samples"),
            "athanor_samples_ended": ("Samples that have ended", "ended"),
            "athanor_questions_waiting": ("Questions that wait for a person", "questions"),
            "athanor_proposals_waiting": ("Suggestions that wait for consent", "proposals"),
            "athanor_alarms": ("Alarms that stand", "alarms"),
            "athanor_journal_events": ("Lines of the journal", "last_event"),
        }
        for name, (what, field) in counts.items():
            family = GaugeMetricFamily(name, what, labels=["run", "bench"])
            for brief in briefs:
                family.add_metric([brief.name, brief.bench], getattr(brief, field))
            yield family
        yield from self._of_live_runs()

    def _of_live_runs(self) -> Iterator[Metric]:
        labels = ["run", "device", "figure"]
        values = GaugeMetricFamily(
            "athanor_device_figure", "What a device showed last; units in its name", labels=labels
        )
        ages = GaugeMetricFamily("athanor_device_figure_age_seconds", "Bench seconds since it did", labels=labels)
        pulses = GaugeMetricFamily(
            "athanor_engine_silent_seconds", "Since an engine was seen at its work", labels=["run"]
        )
        for run in self._service.runs.live():
            pulses.add_metric([run], silent_s_of(self._service.runs.path(run)) or 0.0)
            for device in self._service.bench(run).devices:
                for figure in device.figures:
                    if isinstance(figure.value, float | int) and not isinstance(figure.value, bool):
                        values.add_metric([run, device.name, figure.name], float(figure.value))
                        ages.add_metric([run, device.name, figure.name], figure.age_s)
        yield from (values, ages, pulses)


def install(app: FastAPI, service: Service) -> None:
    """Answer at /metrics."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures(service))

    @app.get("/metrics", tags=["see"], include_in_schema=False)
    def metrics(caller: TheCaller) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
