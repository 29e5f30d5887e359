from pathlib import Path

import pytest
from pydantic import TypeAdapter

from robot.catalog import MODELS, connect
from robot.config import LabConfig
from robot.device_settings import DeviceSettings
from robot.errors import NotReachable, ReplyLost
from robot.fleet import Fleet, open_fleet
from robot.interfaces import Identity
from robot.settings import address_of
from robot.wire.transcript import Exchange, ReplayPort

BENCH = Path(__file__).parents[2] / "examples" / "film_bench" / "lab.yaml"
SITES = {"booth": {"origin_mm": [200, 0, 0]}}
PUMP = {"model": "cavro_xcalibur", "port": "/dev/ttyUSB0", "valve": {1: "ink", 2: "waste"}}


def bench(**devices: object) -> LabConfig:
    return LabConfig.model_validate({"bench": "test", "devices": devices, "sites": SITES})


class Gadget:
    """A device that remembers whether it was made safe."""

    def __init__(self, name: str, defect: Exception | None = None) -> None:
        self.name = name
        self.defect = defect
        self.is_safe = False

    def connect(self) -> Identity:
        return Identity("maker", self.name)

    def make_safe(self) -> None:
        if self.defect is not None:
            raise self.defect
        self.is_safe = True


def test_every_model_that_a_lab_file_may_name_has_a_driver() -> None:
    named = TypeAdapter(DeviceSettings).json_schema()["discriminator"]["mapping"]

    assert set(named) == set(MODELS)


def test_a_fleet_has_every_device_of_its_lab_file() -> None:
    fleet = open_fleet(LabConfig.load(BENCH))

    assert set(fleet.devices) == {"arm", "pipette", "furnace", "probe", "side_camera", "top_camera"}


def test_building_a_fleet_opens_no_port() -> None:
    with open_fleet(LabConfig.load(BENCH)):
        pass


def test_every_device_is_made_safe_whatever_the_others_do() -> None:
    silent = ReplyLost("one", "no usable answer", "Check the cable")
    defect = ZeroDivisionError()
    last = Gadget("three")

    report = Fleet({"one": Gadget("one", silent), "two": Gadget("two", defect), "three": last}).make_all_safe()

    assert report == {"one": silent, "two": defect, "three": None}
    assert last.is_safe


def test_all_devices_say_who_they_are() -> None:
    identities = Fleet({"one": Gadget("one"), "two": Gadget("two")}).connect_all()

    assert [identity.model for identity in identities.values()] == ["one", "two"]


def test_whoever_does_not_answer_is_named_with_where_it_should_be() -> None:
    class Absent(Gadget):
        def connect(self) -> Identity:
            raise NotReachable(self.name, "no usable answer", "Check cable and power")

    fleet = Fleet({"arm": Absent("arm")}, addresses={"arm": "/dev/ttyUSB0"})

    with pytest.raises(NotReachable, match=r"^arm: no usable answer \(at /dev/ttyUSB0\)\. Check cable and power\.$"):
        fleet.connect_all()


def test_a_device_of_several_parts_is_at_the_ports_of_all_of_them() -> None:
    lab = LabConfig.load(BENCH.parents[1] / "liquid_bench" / "lab.yaml")

    addresses = {name: address_of(settings) for name, settings in lab.devices.items()}

    assert all(addresses.values())
    assert addresses["camera"].startswith("camera ")


def test_two_devices_on_one_port_share_its_wire() -> None:
    opened: list[str] = []
    answer = b"/0`P/N: 123\x03\r\n"

    def port(name: str, settings: DeviceSettings, channel: str) -> ReplayPort:
        opened.append(name)
        return ReplayPort([Exchange(b"/1&\r", answer), Exchange(b"/2&\r", answer)])

    fleet = open_fleet(bench(first=PUMP, second={**PUMP, "address": 2}), port)

    assert set(fleet.connect_all()) == {"first", "second"}
    assert opened == ["first"]


def test_devices_that_need_other_speeds_cannot_share_a_port() -> None:
    with pytest.raises(ValueError, match="arm cannot share /dev/ttyUSB0"):
        open_fleet(bench(pump=PUMP, arm={"model": "dobot_magician", "port": "/dev/ttyUSB0"}))


def test_what_passes_is_shown_to_the_recorder() -> None:
    class Notes:
        def __init__(self) -> None:
            self.passed: list[bytes] = []

        def sent(self, data: bytes) -> None:
            self.passed.append(data)

        def received(self, data: bytes) -> None:
            self.passed.append(data)

    notes, answer = Notes(), b"/0`P/N: 123\x03\r\n"
    fleet = open_fleet(
        bench(pump=PUMP), lambda name, settings, channel: ReplayPort([Exchange(b"/1&\r", answer)]), lambda name: notes
    )

    fleet.connect_all()

    assert notes.passed == [b"/1&\r", answer]


def test_a_lone_device_that_is_not_there_says_where_it_was_looked_for() -> None:
    with pytest.raises(NotReachable, match="eurotherm_2416: cannot open /dev/ttyNONE"):
        connect("eurotherm_2416", port="/dev/ttyNONE", max_temperature_c=350)


def test_a_lone_device_with_a_setting_amiss_is_refused() -> None:
    with pytest.raises(ValueError, match="max_temperature_c"):
        connect("eurotherm_2416", port="/dev/ttyNONE")


def test_a_lone_camera_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotReachable, match="cannot open camera"):
        connect("opencv", source=str(tmp_path / "absent.avi"), sees=["booth"], name="eye")
