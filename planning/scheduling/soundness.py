"""Is a problem one that can be scheduled at all? All samples must pass the places of the bench in one direction."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from planning.errors import Refused

if TYPE_CHECKING:
    from planning.scheduling.model import Job, Operation, Problem


def require_sound(problem: "Problem") -> None:
    """Refuse what no schedule could satisfy, before anybody looks for one."""
    names = [operation.name for job in problem.jobs for operation in job.operations]
    _require_once("operation", names)
    _require_once("job", (job.name for job in problem.jobs))
    _require_once("resource", (*(resource.name for resource in problem.resources), *(m.kind for m in problem.machines)))
    for job in problem.jobs:
        known: set[str] = set()
        for operation in job.operations:
            _require_sound_operation(problem, job, operation, known)
            known.add(operation.name)
        _require_holds_end(job)
    _require_alike(problem)
    _require_one_direction(problem)


def _require_alike(problem: "Problem") -> None:
    """A programme is the same for all who share it."""
    first: dict[tuple[str, str], Operation] = {}
    for operation in problem.operations.values():
        if operation.firing:
            like = first.setdefault((operation.firing.kind, operation.firing.programme), operation)
            if (like.duration_s, like.uses) != (operation.duration_s, operation.uses):
                raise Refused(f"{operation.name} and {like.name} share the programme {operation.firing.programme}, but "
                              "not its duration or what it uses", "Give the programmes different names")  # fmt: skip


def _require_once(what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise Refused(f"the {what} {name} is there twice", "Give each its own name")
        seen.add(name)


def _require_sound_operation(problem: "Problem", job: "Job", operation: "Operation", known: set[str]) -> None:
    for lag in operation.after:
        if lag.after not in known:
            raise Refused(f"{operation.name} comes after {lag.after}, which is no earlier operation of {job.name}",
                          "Name one that stands before it")  # fmt: skip
        if not 0 <= lag.min_s <= lag.max_s:
            raise Refused(f"{operation.name} begins {lag.min_s} to {lag.max_s} s after {lag.after}",
                          "Let the shortest lag be at least 0 and at most the longest")  # fmt: skip
    for name in (*operation.uses, *operation.takes, *operation.frees):
        if name not in problem.resource:
            raise Refused(f"{operation.name} needs {name}, which is no resource", _allowed(problem.resource))
    for name in operation.uses:
        calendar = problem.resource[name].calendar
        if calendar and calendar.fit_s(0.0, operation.duration_s) == float("inf"):
            raise Refused(f"{operation.name} lasts {operation.duration_s:.0f} s, longer than {name} is ever there",
                          "Split it, or widen the calendar")  # fmt: skip
    if not 0 <= operation.duration_s < float("inf"):
        raise Refused(f"{operation.name} lasts {operation.duration_s} s", "Give a finite duration of at least 0")
    if operation.firing:
        if operation.firing.kind not in problem.kind:
            raise Refused(f"{operation.name} needs a {operation.firing.kind}, which is no kind of machine",
                          _allowed(problem.kind))  # fmt: skip
        own = {each.name for each in job.operations}
        for name in filter(None, (operation.firing.load, operation.firing.unload)):
            if name not in own:
                raise Refused(f"{operation.name} is loaded or unloaded by {name}, no operation of {job.name}",
                              "Name one of the same job")  # fmt: skip


def _allowed(names: Iterable[str]) -> str:
    return f"Known are: {', '.join(names) or 'none'}"


def _require_holds_end(job: "Job") -> None:
    held: set[str] = set()
    for operation in job.operations:
        for name in operation.takes:
            if name in held:
                raise Refused(f"{operation.name} takes {name}, which {job.name} holds already", "Free it first")
            held.add(name)
        for name in operation.frees:
            if name not in held:
                raise Refused(f"{operation.name} frees {name}, which {job.name} does not hold", "Take it first")
            held.remove(name)
    if held:
        raise Refused(f"{job.name} never frees {', '.join(sorted(held))}", "Let its last operation free it")


def _require_one_direction(problem: "Problem") -> None:
    """Who waits for a place holds only places that lie before it, so nothing ever waits in a circle."""
    beyond: dict[str, set[str]] = {}
    for job in problem.jobs:
        held: list[str] = []
        for operation in job.operations:
            wanted = wanted_places(operation, job)  # all at once: among themselves they are in no order
            for place in held:
                beyond.setdefault(place, set()).update(each for each in wanted if each != place)
            held += wanted
            for freed in freed_places(operation, job):
                held.remove(freed)
    _require_no_circle(beyond)


def wanted_places(operation: "Operation", job: "Job") -> list[str]:
    """What an operation begins to hold: places, and a machine where it loads one."""
    firings = [each for each in job.operations if each.firing]
    kinds = [each.firing.kind for each in firings if each.firing and operation.name == (each.firing.load or each.name)]
    return [*operation.takes, *kinds]


def freed_places(operation: "Operation", job: "Job") -> list[str]:
    """What is no longer held after an operation."""
    firings = [each for each in job.operations if each.firing]
    kinds = [
        each.firing.kind for each in firings if each.firing and operation.name == (each.firing.unload or each.name)
    ]
    return [*operation.frees, *kinds]


def _require_no_circle(beyond: dict[str, set[str]]) -> None:
    done: set[str] = set()

    def visit(place: str, path: tuple[str, ...]) -> None:
        if place in path:
            circle = " → ".join((*path[path.index(place) :], place))
            raise Refused(f"samples could wait for each other's places in a circle: {circle}",
                          "Let all samples pass the places in one direction, or add one in between")  # fmt: skip
        if place not in done:
            for after in sorted(beyond.get(place, ())):
                visit(after, (*path, place))
            done.add(place)

    for place in sorted(beyond):
        visit(place, ())
