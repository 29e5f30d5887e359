"""Timetables: samples are let in as the engine lets them in; the interval holds what a run takes."""

from pathlib import Path

from console.checking import preflight
from planning.protocol.document import Protocol
from robot.config import LabConfig

from .test_planted import HERE

BLEND = {"blend": {"p3ht": 0.5, "dwnt": 0.5}}


def test_no_more_samples_are_under_way_than_are_let_in(lab: LabConfig, recipe: Protocol) -> None:
    result = preflight(lab, recipe, [BLEND] * 24)

    spans: dict[str, tuple[float, float]] = {}
    for slot in result.timetable:
        for sample in slot.task.samples:
            start_s, end_s = spans.get(sample, (slot.start_s, slot.end_s))
            spans[sample] = min(start_s, slot.start_s), max(end_s, slot.end_s)
    most = max(sum(start_s <= at_s < end_s for start_s, end_s in spans.values()) for at_s, _ in spans.values())
    assert most <= 8
    assert len(spans) == 24


def test_the_interval_lies_around_the_expected_end(lab: LabConfig, recipe: Protocol) -> None:
    result = preflight(lab, recipe, [BLEND] * 8)

    low_s, high_s = result.duration_interval_s()
    assert low_s < result.duration_s < high_s


def test_a_lag_that_only_a_slow_bench_breaks_is_found(lab: LabConfig, recipe: Protocol) -> None:
    film = recipe.model_dump(by_alias=True, exclude_defaults=True)
    film["steps"][5]["within_min"] = {"cast": 58}  # 55 min as planned, 60 if the furnace is slow
    film["steps"][4].pop("within_min")

    result = preflight(lab, Protocol.model_validate(film), [BLEND])

    (finding,) = result.findings
    assert (finding.rule, finding.limit) == ("lag", 58.0)


def test_each_of_several_longest_lags_is_judged_by_its_own_limit(lab: LabConfig, recipe: Protocol) -> None:
    film = recipe.model_dump(by_alias=True, exclude_defaults=True)
    film["steps"][4]["within_min"] = {"cast": 30, "dose": 0.2}

    result = preflight(lab, Protocol.model_validate(film), [BLEND])

    (finding,) = result.findings
    assert (finding.rule, finding.limit) == ("lag", 0.2)
    assert "after dose, within_min allows 0.2" in finding.what


def test_350_samples_are_foretold_to_the_last(film_bench: Path, recipe: Protocol) -> None:
    lab = LabConfig.load(film_bench / "lab.yaml")
    sites = {
        name: site.model_copy(update={"stack": 400, "full": False, "grid": (1, 1)}) if site.stock else site
        for name, site in lab.sites.items()
    }
    stocks = {name: stock.model_copy(update={"volume_ml": 9000.0}) for name, stock in lab.stocks.items()}

    result = preflight(lab.model_copy(update={"sites": sites, "stocks": stocks}), recipe, [BLEND] * 350)

    assert result.passed
    assert len({sample for slot in result.timetable for sample in slot.task.samples}) == 350


def test_a_longest_lag_may_count_from_a_firing_that_samples_share() -> None:
    lab = LabConfig.load(HERE / "files" / "lab.yaml")
    text = (HERE / "files" / "protocol.yaml").read_text(encoding="utf-8")
    import yaml

    document = yaml.safe_load(text.replace("name: weigh_crucible", "name: weigh_crucible\n    within_min: 0.05"))

    result = preflight(lab, Protocol.model_validate(document), [{}] * 4)

    assert {finding.rule for finding in result.findings} == {"lag"}
