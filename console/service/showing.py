"""Views of one run, read from its record."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import islice

from console.service.record import Record, as_view
from console.service.vessels import stocks, vessels
from console.service.views import Alarm, Bar, Bench, Curve, JournalPage, Look, Sample, Timeline
from planning.circle import Circle
from planning.journal import Event
from planning.schedule import Slot

MOST_EVENTS = 1000
"""On one page."""
MOST_POINTS = 2000
"""Of one curve; longer ones are thinned."""


def bench(record: Record, now_s: float) -> Bench:
    """Every device, and the vessels where the journal believes them."""
    alarms = list(record.board.alarms.values())
    return Bench(
        run=record.folder.path.name, bench=record.lab.bench, now_s=now_s, last_event=record.last_event,
        devices=list(record.board.devices(record.busy(), now_s)),
        vessels=list(vessels(record.course, record.contents)), astray=list(record.course.whereabouts.astray),
        stocks=list(stocks(record.course.inventory)), alarms=[alarm for alarm in alarms if not alarm.device],
    )  # fmt: skip


def bench_then(record: Record, until: int) -> Bench:
    """The bench as it was once the event of this number was written."""
    then = Record(record.folder.path)
    readings = iter(record.readings)
    for event in record.events[: max(min(until, len(record.events)), 0)]:
        then.hear(event)
    for reading in readings:
        if reading.time_s > then.last_s:
            break
        then.read(reading)
    return bench(then, then.last_s)


def alarms(record: Record) -> list[Alarm]:
    """All that is wrong, the newest first."""
    return sorted(record.board.alarms.values(), key=lambda alarm: -alarm.event)


def plan(record: Record, now_s: float) -> tuple[list[Slot], str]:
    """How the tasks that are here should go on; and why that cannot be told, if it cannot."""
    if record.tally.farewell is not None or record.tally.is_safe:
        return [], "nothing goes on"
    try:
        return record.course.dispatcher.foretell(now_s), ""
    except Circle as err:
        return [], str(err)


def samples(record: Record, slots: Sequence[Slot]) -> list[Sample]:
    """Every sample, and how far it is."""
    ends_s: dict[str, float] = {}
    for slot in slots:
        ends_s |= {name: max(slot.end_s, ends_s.get(name, 0.0)) for name in slot.task.samples}
    return [_sample(record, name, ends_s.get(name)) for name in record.course.samples]


def _sample(record: Record, name: str, expected_end_s: float | None) -> Sample:
    sample, dispatcher = record.course.samples[name], record.course.dispatcher
    at_work = [slot.task.id for slot in dispatcher.running.values() if name in slot.task.samples]
    waiting = [task.id for task in dispatcher.waiting.values() if name in task.samples]
    is_over = sample.status != "under way"
    return Sample(
        name=name, status=sample.status, why=sample.why, is_at_work=bool(at_work),
        step="" if is_over else next(iter([*at_work, *waiting]), ""), values=dict(sample.request.values),
        reason=sample.request.reason, suggestion=sample.request.suggestion, predicted=sample.request.predicted,
        results=sample.results, begun_s=record.begun_s[name], expected_end_s=None if is_over else expected_end_s,
        ended_s=record.ended_s.get(name), evidence=record.looks.evidence.get(name, []),
    )  # fmt: skip


def timeline(record: Record, now_s: float, slots: Sequence[Slot], why_no_plan: str) -> Timeline:
    """What was, is and should be at work."""
    actual = [bar if bar.ending != "open" else bar.model_copy(update={"end_s": now_s}) for bar in record.bars.values()]
    running = record.course.dispatcher.running
    planned = [_planned(slot) for slot in slots]
    start_s = record.events[0].time_s if record.events else now_s
    return Timeline(
        run=record.folder.path.name, start_s=start_s, now_s=now_s,
        end_s=max([now_s, *(bar.end_s for bar in planned)]), devices=list(record.lab.devices), actual=actual,
        planned=[bar for bar in planned if bar.task not in running or bar.end_s > now_s], why_no_plan=why_no_plan,
    )  # fmt: skip


def _planned(slot: Slot) -> Bar:
    task = slot.task
    return Bar(
        task=task.id, skill=task.skill, devices=sorted(task.uses), samples=list(task.samples), start_s=slot.start_s,
        end_s=slot.end_s, ending="planned",
    )  # fmt: skip


def journal(
    record: Record, after: int = 0, limit: int = 200, kinds: Sequence[str] = (), sample: str = "", device: str = "",
    text: str = "", newest: bool = False,
) -> JournalPage:  # fmt: skip
    """Lines of the journal after a number; or with `newest`, the last of them."""

    def is_wanted(event: Event) -> bool:
        concerns = not sample or sample in event.sample.split(",") or event.task.startswith(f"{sample}.")
        told = f"{event.kind} {event.task} {event.device} {dict(event.data)}".lower() if text else ""
        return concerns and device in ("", event.device) and (not kinds or event.kind in kinds) and text.lower() in told

    events = record.events[bisect_right(record.events, after, key=lambda event: event.seq) :]
    found = list(islice(filter(is_wanted, reversed(events) if newest else events), min(limit, MOST_EVENTS)))
    events = found[::-1] if newest else found
    return JournalPage(
        events=[as_view(event) for event in events], next_after=events[-1].seq if events else record.last_event, last_event=record.last_event,
        kinds=sorted({event.kind for event in record.events}),
    )  # fmt: skip


def curves(record: Record, device: str = "", quantity: str = "", after_s: float = 0.0) -> list[Curve]:
    """What devices showed over time; long curves are thinned evenly."""
    found = []
    for (name, what), (times_s, values) in record.board.curves.items():
        if device in ("", name) and quantity in ("", what):
            chosen = [index for index, time_s in enumerate(times_s) if time_s > after_s]
            step = max(-(-len(chosen) // MOST_POINTS), 1)
            kept = chosen[::-step][::-1]
            found.append(
                Curve(device=name, quantity=what, times_s=[times_s[i] for i in kept], values=[values[i] for i in kept])
            )
    return found


def looks(record: Record, answer: str = "", least_doubt: float = 0.0, sample: str = "") -> list[Look]:
    """What the cameras saw, the most doubtful first."""
    found = [
        look
        for look in record.looks.looks.values()
        if answer in ("", look.answer)
        and look.doubt_fraction >= least_doubt
        and sample in ("", *look.sample.split(","))
    ]
    return sorted(found, key=lambda look: (-look.doubt_fraction, look.event))
