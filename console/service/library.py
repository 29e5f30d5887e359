"""The files from which runs are begun: those that lie on this computer, and protocols that were uploaded."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from console.checking import Examined, examine, is_campaign
from console.service.runs import NotThere
from console.service.views import Bar, View
from planning.errors import Refused
from planning.explain import explain
from planning.protocol.source import Source
from robot.config import LabConfig
from robot.files import FileProblem, load_yaml

Kind = Literal["protocol", "campaign", "lab"]
UPLOADS = "uploads"
DEEPEST = 3
MOST_FILES = 500
MOST_BYTES = 200_000
"""Of an uploaded protocol: a hundred times the longest that we have."""
_ODD = re.compile(r"[^A-Za-z0-9_.-]+")


class FileBrief(View):
    """A file from which a run can be begun."""

    name: str
    kind: Kind
    title: str
    is_uploaded: bool


class Found(View):
    """Something that the check has found, and what to do about it."""

    level: Literal["error", "warning"]
    rule: str
    step: str
    what: str
    remedy: str
    file: str
    line: int | None


class Checked(View):
    """The verdict on a file."""

    passed: bool
    samples: int
    duration_s: float
    duration_interval_s: tuple[float, float]
    findings: list[Found]
    timetable: list[Bar]
    busy_fraction: dict[str, float]
    sentences: list[str]


class Library:
    """The YAML files below a folder; uploads go into one folder of their own, and take no place but their own."""

    def __init__(self, root: Path, uploads: Path) -> None:
        self.root = root.resolve()
        self.uploads = uploads
        self._known: dict[Path, tuple[int, tuple[Kind, str] | None]] = {}

    def listing(self) -> list[FileBrief]:
        """All files that describe a bench, a protocol or a campaign."""
        found = []
        for name, path in self._paths().items():
            if (told := self._told(path)) is not None:
                found.append(FileBrief(name=name, kind=told[0], title=told[1], is_uploaded=path.parent == self.uploads))
        return found

    def path(self, name: str, *kinds: Kind) -> Path:
        """The file of this name; raise NotThere if there is none of these kinds."""
        path = self._paths().get(name)
        told = self._told(path) if path else None
        if path is None or told is None or (kinds and told[0] not in kinds):
            raise NotThere(f"no {' or '.join(kinds) or 'file'} is called {name!r}", "GET /api/v1/files names them")
        return path

    def text(self, name: str) -> str:
        """What a file holds."""
        return self.path(name).read_text(encoding="utf-8")

    def put(self, name: str, content: bytes) -> FileBrief:
        """Keep an uploaded protocol under a tidy name.

        Raises:
            Refused: it is too large, or no protocol.
            FileProblem: it is no YAML that can be read.
        """
        if len(content) > MOST_BYTES:
            raise Refused(f"the file is larger than {MOST_BYTES} bytes", "Is this the right file?")
        tidy = tidy_name(name)
        self.uploads.mkdir(parents=True, exist_ok=True)
        fresh = self.uploads / f".{os.getpid()}-{tidy}"
        fresh.write_bytes(content)
        try:
            data = load_yaml(fresh)[0]
            if "steps" not in data or "protocol" not in data:
                raise Refused(f"{tidy} is no protocol: it has no `protocol` or no `steps`", "Upload a protocol")
            Source.read(fresh)
            fresh.replace(self.uploads / tidy)
        except FileProblem as err:
            raise FileProblem(Path(tidy), err.problems) from err
        finally:
            fresh.unlink(missing_ok=True)
        return FileBrief(name=f"{UPLOADS}/{tidy}", kind="protocol", title=str(data["protocol"]), is_uploaded=True)

    def check(self, name: str, lab: str, samples: int | None, values: Mapping[str, Any]) -> Checked:
        """What the check before a run says of a protocol on a bench, or of a campaign.

        Raises:
            NotThere: there is no such file.
            FileProblem: a file cannot be used.
        """
        path = self.path(name, "protocol", "campaign")
        if is_campaign(path):
            from console.campaign_checking import examine_campaign

            return self._checked(examine_campaign(path, samples))
        from console.parameters import given_values

        wishes = [f"{key}={value}" for key, value in settings(values)]
        bench = self.path(lab, "lab")
        return self._checked(examine(path, bench, lambda recipe: [given_values(wishes, recipe)] * (samples or 1)))

    def _checked(self, examined: Examined) -> Checked:
        result = examined.preflight
        bars = [
            Bar(task=slot.task.id, skill=slot.task.skill, devices=sorted(slot.task.uses), start_s=slot.start_s,
                samples=list(slot.task.samples), end_s=slot.end_s, ending="planned")
            for slot in result.timetable
        ]  # fmt: skip
        return Checked(
            passed=result.passed, samples=result.samples, duration_s=result.duration_s,
            duration_interval_s=result.duration_interval_s(), timetable=bars,
            findings=[
                Found(level=each.finding.level, rule=each.finding.rule, step=each.finding.step, what=each.finding.what,
                      remedy=each.finding.remedy, file=each.path.name, line=each.line)
                for each in examined.told
            ],
            busy_fraction={
                device: result.busy_fraction(device) for bar in bars for device in bar.devices
            },
            sentences=_sentences(examined),
        )  # fmt: skip

    def _paths(self) -> dict[str, Path]:
        """Every file that may be named, by its name."""
        paths = {path.relative_to(self.root).as_posix(): path for path in self._below_root()}
        return paths | {f"{UPLOADS}/{path.name}": path for path in sorted(self.uploads.glob("[!.]*.yaml"))}

    def _below_root(self) -> Iterator[Path]:
        count = 0
        for depth in range(DEEPEST):
            for path in sorted(self.root.glob("/".join(["[!.]*"] * depth + ["[!.]*.yaml"]))):
                is_ours = path.resolve().is_relative_to(self.root) and "runs" not in path.relative_to(self.root).parts
                if is_ours and count < MOST_FILES:
                    count += 1
                    yield path

    def _told(self, path: Path) -> tuple[Kind, str] | None:
        """What a file is and what it calls itself; None if it is none of ours."""
        stamp = path.stat().st_mtime_ns if path.exists() else -1
        if path not in self._known or self._known[path][0] != stamp:
            self._known[path] = (stamp, _kind(path))
        return self._known[path][1]


def _kind(path: Path) -> tuple[Kind, str] | None:
    try:
        data = load_yaml(path)[0]
    except FileProblem:
        return None
    if "steps" in data and "protocol" in data:
        return "protocol", str(data["protocol"])
    if "campaign" in data and "protocol" in data:
        return "campaign", str(data["campaign"])
    return ("lab", str(data["bench"])) if "bench" in data and "devices" in data else None


def tidy_name(name: str) -> str:
    """A name for an uploaded file, without folders and odd characters.

    Raises:
        Refused: nothing is left, or it is no YAML file.

    >>> tidy_name("../../etc/My recipe (2).yml")
    'My-recipe-2.yaml'
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    stem, _, suffix = last.rpartition(".")
    tidy = _ODD.sub("-", stem).strip("-.")[:80]
    if suffix.lower() not in ("yaml", "yml") or not tidy:
        raise Refused(f"{last[:80]!r} is no name of a YAML file", "Call it for example recipe.yaml")
    return f"{tidy}.yaml"


def settings(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Parameters as a command line takes them, parts of mixtures with a dot.

    >>> list(settings({"blend": {"p3ht": 0.4}, "anneal_c": 140}))
    [('blend.p3ht', 0.4), ('anneal_c', 140)]
    """
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{part}", share) for part, share in value.items())
        else:
            yield name, value


def _sentences(examined: Examined) -> list[str]:
    """What each step of the first sample will do."""
    protocol, lab = examined.protocol, examined.lab
    if not examined.preflight.passed or protocol is None or not isinstance(lab, LabConfig):
        return []
    first = [slot for slot in examined.preflight.timetable if slot.task.samples[0] == "s001"]
    return explain(protocol.bind(examined.samples[0]), first, lab)
