"""`athanor new driver`: skeletons that import, and fail where the manual is still missing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from console.cli import app
from console.scaffold.register import KNOWN, AnchorLost, registered
from planning.errors import Refused
from robot.interfaces import Furnace

ROOT = Path(__file__).parents[2]
WRITTEN = [
    "robot/device_settings/julabo_f25.py", "robot/drivers/julabo_f25/__init__.py", "robot/drivers/julabo_f25/codec.py", "robot/drivers/julabo_f25/driver.py",
    "hardware_sim/emulators/julabo_f25.py", "tests/transcripts/julabo_f25.txt",
    "tests/robot/drivers/test_julabo_f25.py", "docs/devices/julabo_f25.md",
]  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a new driver changes, without the rest."""
    for path in KNOWN:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    return tmp_path


def new_driver(name: str, interface: str, into: Path) -> None:
    app(["new", "driver", name, "--interface", interface, "--into", str(into)], standalone_mode=False)


@pytest.mark.parametrize(
    "interface", ["furnace", "arm", "balance", "pipette", "tip_pipette", "source_meter", "stirrer"]
)
def test_every_file_is_written_and_is_python_or_text(checkout: Path, interface: str) -> None:
    new_driver("julabo_f25", interface, checkout)

    for path in [*WRITTEN, *KNOWN]:
        text = (checkout / path).read_text()
        assert text.endswith("\n")
        if path.endswith(".py"):
            compile(text, path, "exec")


def test_every_promise_of_the_interface_stands_in_the_driver(checkout: Path) -> None:
    new_driver("julabo_f25", "furnace", checkout)

    driver = (checkout / "robot/drivers/julabo_f25/driver.py").read_text()

    assert all(
        f"def {verb}(self" in driver for verb in ("read_state", "load_programme", "start_programme", "make_safe")
    )
    assert 'max_target_c: float = float("nan")' in driver


def test_a_new_model_fails_first_where_its_question_is_missing(checkout: Path) -> None:
    new_driver("julabo_f25", "furnace", checkout)
    for package in ("robot", "hardware_sim"):
        kept = checkout / "new" / package
        shutil.copytree(ROOT / package, kept, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(checkout / package, kept, dirs_exist_ok=True)
    asks = (
        "from robot.catalog import build, wire_on; from robot.settings import alone;"
        "from hardware_sim.alone import DEVICE, bench_of_one; from hardware_sim.clock import VirtualClock;"
        "from hardware_sim.laboratory import Laboratory; settings = alone('julabo_f25', {'port': '-'});"
        "port = Laboratory(bench_of_one(settings, {}), VirtualClock(), seed=1).port(DEVICE);"
        "build('bath', settings, wire_on(settings, port)).connect()"
    )

    done = subprocess.run([sys.executable, "-c", asks], cwd=checkout / "new", capture_output=True, text=True)

    assert "NotImplementedError: julabo_f25/codec.py: which bytes ask the Julabo F25 who it is?" in done.stderr


@pytest.mark.parametrize(
    ("name", "interface", "said"),
    [
        ("Julabo", "furnace", "is no name of a model"),
        ("eurotherm_2416", "furnace", "is taken"),
        ("julabo_f25", "bathtub", "no interface on a wire"),
        ("julabo_f25", "camera", "no interface on a wire"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused(checkout: Path, name: str, interface: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        new_driver(name, interface, checkout)

    assert not (checkout / "docs").exists()


def test_what_is_there_is_never_overwritten(checkout: Path) -> None:
    new_driver("julabo_f25", "furnace", checkout)
    for path in KNOWN:
        shutil.copy(ROOT / path, checkout / path)

    with pytest.raises(Refused, match="is there already"):
        new_driver("julabo_f25", "furnace", checkout)


def test_elsewhere_than_in_a_checkout_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no checkout"):
        new_driver("julabo_f25", "furnace", tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_catalogue_that_looks_different_is_not_guessed_at() -> None:
    with pytest.raises(AnchorLost):
        registered("julabo_f25", Furnace, dict.fromkeys(KNOWN, "# something else\n"))
