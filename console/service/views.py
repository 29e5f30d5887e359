"""What is shown of a run: frozen values, all of them read from its journal. Times are bench time, in seconds."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Scalar = float | bool | str | None


class View(BaseModel):
    """Something that is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Figure(View):
    """One figure of a device; its name wears its unit."""

    name: str
    value: Scalar | list[float]
    at_s: float
    age_s: float = Field(description="how long before `now_s` it was read")


class Alarm(View):
    """Something that is wrong, and what to do about it."""

    kind: str
    what: str
    remedy: str
    at_s: float
    event: int = Field(description="the number of the event that raised it")
    device: str = ""
    task: str = ""


class Device(View):
    """One device as the journal believes it to be."""

    name: str
    model: str
    state: Literal["idle", "at work", "in doubt", "safe", "fault"]
    doing: str = Field(description="the command or task that it is at")
    task: str
    figures: list[Figure]
    alarms: list[Alarm]


class Material(View):
    """An amount of a material: a volume, or a mass."""

    name: str
    amount: float
    unit: Literal["ul", "mg"]


class Vessel(View):
    """A vessel where the journal believes it."""

    sample: str
    vessel: str
    labware: str
    kind: str
    site: str
    place: int
    inside: str = Field(description="the device that the site belongs to; empty if it is open")
    position_mm: tuple[float, float, float]
    size_mm: tuple[float, float] = Field(description="outer width and height")
    is_seen: bool = Field(description="has a camera seen it there? Else it is presumed")
    contents: list[Material]
    fill_height_fraction: float | None


class Stock(View):
    """What is left in store."""

    name: str
    left: float
    at_start: float
    unit: Literal["ml", "mg"]


class Bench(View):
    """All devices, and the vessels that stand about."""

    run: str
    bench: str
    now_s: float
    last_event: int
    devices: list[Device]
    vessels: list[Vessel]
    astray: list[str]
    stocks: list[Stock]
    alarms: list[Alarm] = Field(description="those of the run as a whole, and of its tasks")


class Evidence(View):
    """A picture or pattern that was kept, and what was concluded from it."""

    event: int
    at_s: float
    task: str
    kind: str
    answer: str
    reason: str
    picture: str
    mask: str


class Sample(View):
    """One sample, and how far it is."""

    name: str
    status: str
    why: str
    step: str = Field(description="the task that is at work on it, or what it waits for")
    is_at_work: bool
    values: dict[str, Any]
    reason: str
    suggestion: str
    predicted: tuple[float, float] | None
    results: dict[str, Any]
    begun_s: float
    expected_end_s: float | None
    ended_s: float | None
    evidence: list[Evidence]


class RunBrief(View):
    """A run in a list."""

    name: str
    bench: str
    protocol: str
    campaign: str
    is_simulated: bool
    state: Literal["runs", "paused", "hangs", "died", "stopped", "ended", "unreadable"]
    why: str
    samples: int
    ended: int
    of: int
    questions: int
    proposals: int
    alarms: int
    last_event: int
    now_s: float
    date: str | None = Field(description="ISO date of `now_s`; none on virtual time")


class Run(View):
    """A run, with its samples."""

    brief: RunBrief
    at_work: list[str]
    late: list[str]
    seed: int
    speed: float
    samples: list[Sample]
    alarms: list[Alarm]


class Bar(View):
    """A task on a device, past or planned."""

    task: str
    skill: str
    devices: list[str]
    samples: list[str]
    start_s: float
    end_s: float
    ending: Literal["done", "failed", "open", "planned"]


class Timeline(View):
    """What was, is and should be at work, device by device."""

    run: str
    start_s: float
    now_s: float
    end_s: float
    devices: list[str]
    actual: list[Bar]
    planned: list[Bar]
    why_no_plan: str


class Waiting(View):
    """A question that waits for a person, with the picture that raised it if there is one."""

    id: str
    text: str
    answers: list[str] | None = Field(description="none: a number is wanted")
    quantity: str
    samples: list[str]
    asked_s: float
    event: int
    evidence: Evidence | None


class JournalEvent(View):
    """One line of the journal."""

    seq: int
    time_s: float
    kind: str
    sample: str
    task: str
    device: str
    data: dict[str, Any]


class JournalPage(View):
    """Some lines, and where to go on."""

    events: list[JournalEvent]
    next_after: int
    last_event: int
    kinds: list[str]


class Curve(View):
    """A figure over time."""

    device: str
    quantity: str
    times_s: list[float]
    values: list[float]


class Look(View):
    """One look of a camera: what was seen, how sure the eyes are, and what a person said of it."""

    run: str
    event: int
    at_s: float
    sample: str
    task: str
    camera: str
    vessel: str
    attempt: int
    answer: str
    reason: str
    doubt_fraction: float = Field(ge=0, le=1, description="0 sure, 1 at a loss")
    present: float
    content: dict[str, float]
    fill_height_fraction: tuple[float, float] | None
    quality: str
    picture: str
    mask: str
    overruled: str = Field(description="what a person says it is; empty if nobody said anything")
    overruled_by: str
