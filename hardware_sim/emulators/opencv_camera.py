"""A bench camera: draws what the world holds at the one site it sees."""

from collections import Counter
from typing import Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from hardware_sim.emulators.mending import mend_later
from hardware_sim.faults import suffers
from hardware_sim.render.compositor import PlateScene, Scene, VialScene, View, render
from hardware_sim.world.appearance import WHITE, colour_rgb, powder_rgb, turbidity
from hardware_sim.world.vessel import Vessel
from hardware_sim.world.world import World
from robot.device_settings import OpenCvCameraSettings
from robot.labware import Labware

SNAP = b"snap"
"""What a request for a picture looks like in the ground truth: no byte crosses a wire."""
DARKNESS = 128  # how much less light there is without the lamp (assumed)
LEVEL_MG = 100.0
"""Powder that covers the cavity of a holder (assumed)."""


class OpenCvCameraEmulator:
    """Pictures are numbered: the noise of the n-th depends on the seed and on n, not on when it was taken."""

    def __init__(self, name: str, world: World, settings: OpenCvCameraSettings) -> None:
        self.acts: Counter[str] = Counter()
        self._name = name
        self._world = world
        self._spot = world.bench.spot(settings.sees[0])
        self._taken = 0
        self._ails: Literal["", "dark", "frozen", "mute"] = ""
        self._last: NDArray[np.uint8] | None = None

    def receive(self, data: bytes) -> bytes:
        """Count a request for a picture; `picture` then shows it."""
        self._taken += data.count(SNAP)
        return b""

    def state(self) -> dict[str, object]:
        """How many pictures there were."""
        return {"taken": self._taken}

    @suffers("dark", counts="requests")
    def go_dark(self) -> None:
        """The lamp is off."""
        self._ail("dark")

    @suffers("frozen-picture", counts="requests")
    def freeze(self) -> None:
        """The stream stands still."""
        self._ail("frozen")

    @suffers("no-picture", counts="requests")
    def fall_silent(self) -> None:
        """No picture comes."""
        self._ail("mute")

    def _ail(self, how: Literal["dark", "frozen", "mute"]) -> None:
        self._ails = how
        mend_later(self._world, self._name, self._mend)

    def _mend(self, _t_s: float) -> None:
        self._ails = ""

    def picture(self) -> NDArray[np.uint8] | None:
        """The picture last asked for: (480, 640, 3) in BGR order; None if none comes."""
        if self._ails == "mute":
            return None
        if self._ails != "frozen" or self._last is None:
            self._last = self._fresh()
        return self._last // DARKNESS if self._ails == "dark" else self._last

    def _fresh(self) -> NDArray[np.uint8]:
        view = View.fixed(crc32(self._name.encode()))
        pixels, _ = render(self._scene(), self._world.rng(self._name, self._taken), view=view)
        return np.ascontiguousarray(pixels[:, :, ::-1])

    def _scene(self) -> Scene:
        vessel = self._spot.top
        ware = vessel.ware if vessel is not None else self._expected_ware()
        if vessel is not None:
            self._world.settle(vessel)
        match ware.kind:
            case "vial" | "jar":
                bulk_ul = 0.0 if vessel is None else self._world.matter.bulk_volume_ul(vessel.powder)
                return _vial_scene(ware, vessel, bulk_ul)
            case "crucible":
                return VialScene(ware, None if vessel is None else 1.0, WHITE, 1.0)  # nobody sees through its wall
            case "plate" | "holder":
                return _plate_scene(ware, vessel)

    def _expected_ware(self) -> Labware:
        return self._world.lab.ware(self._spot.holds or "vial-8ml")


def _vial_scene(ware: Labware, vial: Vessel | None, bulk_ul: float) -> VialScene:
    """`bulk_ul` is the room that powder in it takes; under a liquid it makes a slurry."""
    if vial is None:
        return VialScene(ware, None, (1.0, 1.0, 1.0), 0.0)
    contents, powder = vial.contents, vial.powder
    if powder.parts_mg:
        height = min(ware.fill_height_fraction(max(contents.volume_ul, bulk_ul)), 1.0)
        return VialScene(ware, height, powder_rgb(powder), 1.0, not vial.is_open)
    level = ware.fill_height_fraction(contents.volume_ul)
    return VialScene(ware, level, colour_rgb(contents), turbidity(contents), not vial.is_open)


def _plate_scene(ware: Labware, plate: Vessel | None) -> PlateScene:
    if plate is not None and plate.powder.parts_mg:
        cover = min(plate.powder.mass_mg / LEVEL_MG, 1.0) * (ware.inner_width_mm / ware.outer_width_mm) ** 2
        return PlateScene(ware, True, "dry", powder_rgb(plate.powder), cover)
    if plate is None or plate.film is None:
        return PlateScene(ware, plate is not None, "none", (1.0, 1.0, 1.0), 0.0)
    return PlateScene(ware, True, plate.film_kind, colour_rgb(plate.film.cast), plate.coverage_fraction)
