"""The film bench with another furnace in the place of its own."""

import pytest
import yaml

from .conftest import MakeRehearsal, Rehearsal

FURNACES = {
    "eurotherm_3216p": {"port": "/dev/ttyUSB2"},
    "eurotherm_epc3016": {"port": "oven.lab:502"},
    "yudian_ai518p": {"port": "/dev/ttyUSB2"},
}
every_furnace = pytest.mark.parametrize("model", list(FURNACES))


def with_furnace(model: str, run: Rehearsal) -> Rehearsal:
    lab = yaml.safe_load(run.folder.lab.read_text())
    lab["devices"]["furnace"] = {"model": model, "max_temperature_c": 350, "handle_below_c": 60, **FURNACES[model]}
    run.folder.lab.write_text(yaml.safe_dump(lab, sort_keys=False))
    return run


@every_furnace
def test_two_batches_are_annealed_and_measured(rehearse: MakeRehearsal, model: str) -> None:
    run = with_furnace(model, rehearse(samples=5))

    run.conduct()

    assert [*run.statuses().values()] == ["finished"] * 5


@every_furnace
def test_a_broken_thermocouple_stops_the_heat_and_costs_its_batch_only(rehearse: MakeRehearsal, model: str) -> None:
    run = with_furnace(model, rehearse(samples=5, faults="thermocouple-break:1"))

    run.conduct()

    struck, spared = run.batches()
    assert run.statuses() == {**dict.fromkeys(struck, "set aside"), **dict.fromkeys(spared, "finished")}
