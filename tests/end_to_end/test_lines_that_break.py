"""Cables are pulled and servers start anew in the middle of a run: it goes on where it was, and does nothing twice."""

import pytest
import yaml

from .conftest import MakeRehearsal, Rehearsal

ON_THE_NETWORK = {
    "arm": {"model": "ur_eseries", "port": "10.0.0.4", "size": "ur5e"},
    "furnace": {
        "model": "eurotherm_epc3016",
        "port": "oven.lab:502",
        "max_temperature_c": 350,
        "handle_below_c": 60,
    },
}


def on_the_network(device: str, run: Rehearsal) -> Rehearsal:
    lab = yaml.safe_load(run.folder.lab.read_text())
    lab["devices"][device] = ON_THE_NETWORK[device]
    run.folder.lab.write_text(yaml.safe_dump(lab, sort_keys=False))
    return run


@pytest.mark.parametrize("nth", [31, 60])
@pytest.mark.parametrize("device", ["arm", "pipette", "furnace"])
def test_an_unplugged_cable_costs_time_and_nothing_else(rehearse: MakeRehearsal, device: str, nth: int) -> None:
    undisturbed, run = (
        rehearse("undisturbed", samples=1),
        rehearse("struck", samples=1, faults=f"unplugged@{device}:{nth}"),
    )
    undisturbed.conduct()

    run.conduct()

    assert [event.device for event in run.events() if event.kind == "reconnected"] == [device]
    assert run.acts() == undisturbed.acts()
    assert [*run.statuses().values()] == ["finished"]


@pytest.mark.parametrize("nth", [41, 80])
@pytest.mark.parametrize("kind", ["half-open", "server-restart", "late-reply"])
@pytest.mark.parametrize("device", list(ON_THE_NETWORK))
def test_a_connection_that_breaks_is_made_anew(rehearse: MakeRehearsal, device: str, kind: str, nth: int) -> None:
    undisturbed = on_the_network(device, rehearse("undisturbed", samples=1))
    run = on_the_network(device, rehearse("struck", samples=1, faults=f"{kind}@{device}:{nth}"))
    undisturbed.conduct()

    run.conduct()

    assert run.acts() == undisturbed.acts()
    assert [*run.statuses().values()] == ["finished"]


def test_a_cable_comes_back_under_another_number(rehearse: MakeRehearsal) -> None:
    run = rehearse(samples=1, faults="unplugged@pipette:60", wires="pty", speed=1500.0)

    run.conduct()

    assert [event.device for event in run.events() if event.kind == "reconnected"] == ["pipette"]
    assert [*run.statuses().values()] == ["finished"]
