"""The report: one page from a run's folder, whatever state the run is in."""

import json
import re
import shutil
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from console.report import write_report
from console.report.landscape import along
from console.report.story import read_story
from console.report.timeline import busy_fractions
from planning.errors import Refused
from planning.journal import Journal
from robot.interfaces import Pattern
from vision.frame import encode_png

BENCH = Path(__file__).parents[2] / "examples" / "film_bench"
INKS = ("p3ht", "l_swnt", "s_swnt", "mwnt", "dwnt")


@dataclass
class HandClock:
    """A clock that a test moves."""

    t_s: float = 0.0
    speed: float = 1.0

    def now_s(self) -> float:
        return self.t_s


class Diary:
    """Writes a run's journal as an executor would."""

    def __init__(self, folder: Path, campaign: bool = True) -> None:
        self.folder = folder
        for name in ("lab.yaml", "protocol.yaml", *(["campaign.yaml"] if campaign else [])):
            shutil.copyfile(BENCH / name, folder / name)
        (folder / "run.json").write_text(json.dumps({"seed": 7, "wires": "loopback"}), encoding="utf-8")
        self.clock = HandClock()
        self.journal = Journal(folder / "journal.db", self.clock)  # type: ignore[arg-type]
        self.journal.write("run_started", bench="film-bench", simulated=True, versions={"athanor": "0.1.0"})

    def admit(self, *names: str, predicted: tuple[float, float] | None = None) -> None:
        rng = np.random.default_rng(len(names[0]) + int(names[0][1:]))
        told = [
            {"name": name, "values": _values(rng), "reason": "spreads over the space", "predicted": predicted}
            for name in names
        ]
        self.journal.write("admitted", samples=told)

    def task(self, sample: str, step: str, skill: str, device: str, minutes: float, **result: Any) -> None:
        task = f"{sample}.{step}.{skill}"
        self.journal.write("task_started", sample=sample, task=task, skill=skill)
        self.journal.write("intent", sample="", task=task, device=device, verb="go", arguments={}, before={}, command=1)
        self.clock.t_s += 60 * minutes
        self.journal.write("done", task=task, device=device, command=1)
        self.journal.write("task_done", sample=sample, task=task, skill=skill, result=result)

    def look(self, sample: str, answer: str = "yes", reason: str = "all as it should be") -> None:
        pixels = np.full((48, 64, 3), 90, np.uint8)
        mask = np.zeros((48, 64), np.uint8)
        mask[10:40, 20:40] = 2
        self.journal.write(
            "look", sample=sample, task=f"{sample}.dose.look", device="side_camera", vessel="vial", attempt=1,
            answer=answer, reason=reason, picture=self.journal.keep(encode_png(pixels), ".png"),
            mask=self.journal.keep(encode_png(mask), ".png"),
        )  # fmt: skip

    def diffracted(self, sample: str, fractions: dict[str, float]) -> None:
        angle_deg = np.linspace(10.0, 70.0, 601)
        pattern = Pattern(1, angle_deg, np.full(601, 40, np.int64), 0.5, True)
        self.journal.write(
            "diffracted", sample=sample, task=f"{sample}.diffract.diffract", device="diffractometer", scan=1, doubts=[],
            fractions=fractions, stds={}, pattern=self.journal.keep(pattern.xy(), ".xy"),
        )  # fmt: skip

    def finish(self, sample: str, value: float) -> None:
        self.journal.write(
            "sample_finished", sample=sample, status="finished", results={"conductivity_s_per_cm": value}
        )

    def set_aside(self, sample: str, why: str) -> None:
        self.journal.write("set_aside", sample=sample, task=f"{sample}.dose.look", why=why)
        self.journal.write("sample_finished", sample=sample, status="set aside", results={})

    def page(self) -> str:
        self.journal.close()
        return write_report(self.folder).read_text(encoding="utf-8")


def _values(rng: np.random.Generator) -> dict[str, Any]:
    rest = 0.8 * rng.dirichlet(np.ones(4))
    blend = {"p3ht": 0.2} | {ink: round(float(share), 6) for ink, share in zip(INKS[1:], rest, strict=True)}
    blend["p3ht"] = round(1 - sum(blend.values()) + blend["p3ht"], 6)
    return {"blend": blend, "anneal_c": 140.0, "anneal_min": 20.0}


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    return Diary(tmp_path)


def a_small_campaign(diary: Diary) -> None:
    names = [f"s{number:03d}" for number in range(1, 7)]
    for number, name in enumerate(names):
        diary.admit(name, predicted=(100.0, 40.0) if number > 2 else None)
        diary.task(name, "dose", "dose", "pipette", 2, volumes_ul={"p3ht": 400.0, "mwnt": 1600.0})
        diary.look(name)
        diary.task(name, "measure", "measure", "probe", 1, conductivity_s_per_cm=50.0 * (number + 1))
        diary.finish(name, 50.0 * (number + 1))
    diary.journal.write("run_finished", why="all samples have ended")


class _Addresses(HTMLParser):
    """Collects what a page would fetch or execute."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]


def test_a_finished_campaign_shows_its_best_sample_and_every_section(diary: Diary) -> None:
    a_small_campaign(diary)

    page = diary.page()

    assert "Best sample: s006" in page
    for section in ("progress", "space", "devices", "pictures", "samples", "supplies", "events", "provenance"):
        assert f'id="{section}"' in page


def test_diffraction_patterns_stand_above_each_other_with_their_phases(diary: Diary) -> None:
    diary.admit("s001")
    diary.diffracted("s001", {"LiMn2O4": 0.93, "Mn2O3": 0.06, "MnO2": 0.01})

    page = diary.page()

    assert 'id="patterns"' in page
    assert "LiMn2O4 93%, Mn2O3 6%" in page


def test_the_page_fetches_nothing_and_runs_nothing(diary: Diary) -> None:
    a_small_campaign(diary)
    seen = _Addresses()

    seen.feed(diary.page())

    assert "script" not in seen.tags
    assert all(address.startswith(("#", "data:image/")) for address in seen.fetched)


def test_the_same_folder_gives_the_same_page(diary: Diary) -> None:
    a_small_campaign(diary)

    assert diary.page() == write_report(diary.folder).read_text(encoding="utf-8")


def test_names_and_reasons_are_text_never_markup(diary: Diary) -> None:
    file = diary.folder / "campaign.yaml"
    evil = "<script>alert(1)</script> $x$ & co"
    file.write_text(file.read_text(encoding="utf-8").replace("best P3HT-CNT conductor", f"'{evil}'"), encoding="utf-8")
    diary.admit("s001")
    diary.look("s001", "no", "<img src=x onerror=alert(2)>")
    diary.set_aside("s001", "<b>empty</b>")

    page = diary.page()

    assert "<script" not in page
    assert "<img src=x" not in page
    assert "&lt;b&gt;empty&lt;/b&gt;" in page


def test_a_run_under_way_says_so(diary: Diary) -> None:
    diary.admit("s001", "s002")

    page = diary.page()

    assert "Not over." in page
    assert "No result yet" in page


def test_a_resumed_run_that_has_not_ended_again_is_not_over(diary: Diary) -> None:
    diary.journal.write("run_finished", why="Ctrl-C")
    diary.journal.write("run_resumed")

    assert "Not over." in diary.page()


def test_one_measured_sample_is_enough_for_a_best_but_not_for_a_model(diary: Diary) -> None:
    diary.admit("s001")
    diary.finish("s001", 12.0)

    page = diary.page()

    assert "Best sample: s001" in page
    assert 'id="space"' not in page


def test_a_sample_set_aside_is_told_with_its_reason_and_counts_as_spent(diary: Diary) -> None:
    diary.admit("s001", "s002")
    diary.look("s001", "no", "fill height: wanted 0.246, seen 0.100 ± 0.010")
    diary.set_aside("s001", "vial was looked at 3 times: no")
    diary.finish("s002", 12.0)

    page = diary.page()

    assert "Set aside: vial was looked at 3 times: no" in page
    assert "fill height: wanted 0.246" in page


def test_a_plain_run_has_a_report_without_a_campaign(tmp_path: Path) -> None:
    diary = Diary(tmp_path, campaign=False)
    diary.admit("s001")
    diary.finish("s001", 12.0)

    page = diary.page()

    assert "drop-cast film" in page
    assert "Best so far" not in page


def test_an_empty_journal_still_makes_a_page(diary: Diary) -> None:
    assert "None has begun." in diary.page()


def test_a_folder_without_a_journal_is_refused(tmp_path: Path) -> None:
    for name in ("lab.yaml", "protocol.yaml"):
        shutil.copyfile(BENCH / name, tmp_path / name)

    with pytest.raises(Refused):
        write_report(tmp_path)


def test_random_campaigns_in_the_folder_take_the_place_of_resampling(diary: Diary) -> None:
    a_small_campaign(diary)
    runs = [[10.0, 20.0, 20.0], [None, 5.0, 50.0]]
    (diary.folder / "random.json").write_text(json.dumps(runs), encoding="utf-8")

    page = diary.page()

    assert "Random search: 2 campaigns" in page
    assert "was not done here" not in page


def test_without_random_campaigns_the_page_says_that_the_model_imagines_them(diary: Diary) -> None:
    a_small_campaign(diary)

    assert "Random search was not done here." in diary.page()


def test_a_slice_keeps_to_the_constraints_of_the_space(diary: Diary) -> None:
    a_small_campaign(diary)
    diary.journal.close()
    chosen = read_story(diary.folder).chosen
    assert chosen is not None
    space = chosen.designer.space
    point = {f"blend.{ink}": share for ink, share in zip(INKS, (0.15, 0.0, 0.0, 0.0, 0.85), strict=True)}
    point |= {"anneal_c": 140.0, "anneal_min": 20.0}

    moved = along(space, point, "blend.mwnt", 0.5)

    assert space.contains(moved)
    assert moved["blend.dwnt"] == pytest.approx(0.35)


def test_a_device_is_as_busy_as_its_tasks_are_long(diary: Diary) -> None:
    diary.admit("s001")
    diary.task("s001", "dose", "dose", "pipette", 3)
    diary.task("s001", "heat", "heat", "furnace", 9)
    diary.journal.close()

    assert busy_fractions(read_story(diary.folder)) == pytest.approx({"pipette": 0.25, "furnace": 0.75})


def test_a_run_by_the_wall_clock_is_dated(diary: Diary) -> None:
    (diary.folder / "run.json").write_text(json.dumps({"epoch_s": 1_795_000_000.0}), encoding="utf-8")
    diary.clock.t_s = 3600.0
    diary.journal.write("run_finished", why="all samples have ended")

    assert "2026-11-18 11:06 to 2026-11-18 12:06 UTC" in diary.page()


def test_a_missing_picture_leaves_its_verdict_standing(diary: Diary) -> None:
    diary.admit("s001")
    diary.look("s001", "unknown", "the picture is dark")
    shutil.rmtree(diary.folder / "pictures")

    assert "the picture is dark" in diary.page()


def test_every_id_on_the_page_stands_once(diary: Diary) -> None:
    a_small_campaign(diary)

    ids = re.findall(r'\bid="([^"]+)"', diary.page())

    assert len(ids) == len(set(ids))
