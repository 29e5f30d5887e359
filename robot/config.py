"""`lab.yaml`: which devices a bench has, where things stand, what is in store. Real or simulated, the same file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from robot.deck import Grid
from robot.device_settings import (
    DeviceSettings,
    NewEraNE1000Settings,
    OpenCvCameraSettings,
    PowderDoserSettings,
    PowderHandlerSettings,
)
from robot.files import FileProblem, load_document
from robot.geometry import BenchPoint
from robot.labware import LIBRARY, Labware
from robot.liquid_handlers import PipetteSettings
from robot.materials import Materials
from robot.strict import Name, Strict


class Site(Grid):
    """A place, or a grid of places, where vessels stand.

    A `stack` is a spring magazine: that many on one spot, the topmost always at `origin_mm`. A `bin` swallows
    whatever is dropped into it.
    """

    holds: str | None = Field(default=None, description="the labware that fits here")
    full: bool = Field(default=False, description="does a vessel stand on every place at the start?")
    capped: bool = Field(default=False, description="do the vessels that stand here at the start wear caps?")
    stack: int = Field(default=0, ge=0, description="how many lie in this magazine at the start")
    inside: Name | None = Field(default=None, description="the device this place belongs to")
    bin: bool = False

    @property
    def stock(self) -> int:
        """How many vessels are here at the start."""
        return self.stack or (self.places if self.full else 0)

    def point(self, place: int = 0) -> BenchPoint:
        """Where the gripper takes hold at a place, counted row by row; in a stack every place is the top."""
        return super().point(0 if self.stack or self.bin else place)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.full or self.stack or self.capped) and self.holds is None:
            raise ValueError("a site that is full, stacked or capped must say which labware it holds")
        if self.stack and self.grid != (1, 1):
            raise ValueError("a stack stands on one place; leave out grid")
        return self


class Stock(Strict):
    """A liquid in store, known by the name of its valve port."""

    volume_ml: float = Field(gt=0)
    dead_volume_ml: float = Field(default=0.5, ge=0, description="what the line cannot reach")
    concentration_mg_per_ml: float = Field(default=0.0, ge=0)
    solvent: str | None = None


class PowderStock(Strict):
    """A powder in store: one phase, loose, in the hopper of a doser or a bottle."""

    phase: str = Field(min_length=1, description="its formula, as diffraction names it", examples=["Li2CO3"])
    mass_g: float = Field(gt=0)
    bulk_density_g_per_ml: float = Field(default=1.0, gt=0, le=25, description="as it lies loose")


class LabConfig(Strict):
    """A bench. `simulation` is read by the simulated laboratory alone; the planner reads `interlocks`, `recovery`,
    `patience` and `notify`.
    """

    bench: str = Field(min_length=1)
    devices: dict[Name, DeviceSettings] = Field(min_length=1)
    sites: dict[Name, Site] = Field(min_length=1)
    groups: dict[Name, Annotated[list[Name], Field(min_length=1)]] = Field(
        default={},
        description="devices, or sites, that are alternatives: a protocol may name the group",
        examples=[{"box_furnace": ["box_1", "box_2"]}],
    )
    stocks: dict[Name, Stock] = {}
    powders: dict[Name, PowderStock] = {}
    labware: dict[str, Labware] = {}
    materials: Materials = Field(default=Materials(), description="what is not in our table, or is otherwise here")
    travel_height_mm: float = Field(default=120.0, description="the arm carries things at this height")
    interlocks: list[object] = []
    recovery: list[object] = []
    patience: object = None
    notify: list[object] = []
    simulation: dict[str, object] = {}

    def ware(self, name: str) -> Labware:
        """Look up a kind of labware, the bench's own before the library's; raise KeyError."""
        return self.labware.get(name) or LIBRARY[name]

    @model_validator(mode="after")
    def _groups_are_alternatives(self) -> Self:
        group_of: dict[str, str] = {}
        for group, members in self.groups.items():
            if group in self.devices or group in self.sites:
                raise ValueError(f"groups.{group}: a device or a site has this name already; choose another")
            for name in members:
                if name not in self.devices and name not in self.sites:
                    raise ValueError(f"groups.{group}: no device and no site is called {name!r}; "
                                     f"there are {', '.join([*self.devices, *self.sites])}")  # fmt: skip
                if group_of.setdefault(name, group) != group or members.count(name) > 1:
                    raise ValueError(f"groups.{group}: {name} is in a group already; name it once")
            models = {self.devices[name].model for name in members if name in self.devices}
            if len(models) + any(name in self.sites for name in members) > 1:
                raise ValueError(f"groups.{group}: {', '.join(members)} are not of one kind; "
                                 "put devices of one model, or sites, into a group")  # fmt: skip
        return self

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        known = {
            "device": [*self.devices],
            "site": [*self.sites],
            "stock": [*self.stocks],
            "powder": [*self.powders],
            "labware": sorted({*self.labware, *LIBRARY}),
        }
        for field, kind, name in self._named():
            if name not in known[kind]:
                there = ", ".join(known[kind]) or f"none: add {kind}s:"
                raise ValueError(f"{field}: no {kind} is called {name!r}; there are {there}")
        return self

    def _named(self) -> Iterator[tuple[str, str, str]]:
        """What sites and devices refer to: the field, what kind of thing it names, the name."""
        for name, site in self.sites.items():
            if site.inside is not None:
                yield f"sites.{name}.inside", "device", site.inside
            if site.holds is not None:
                yield f"sites.{name}.holds", "labware", site.holds
        for name, device in self.devices.items():
            for field, kind, named in _named_by(device):
                yield f"devices.{name}.{field}", kind, named

    @model_validator(mode="after")
    def _caps_fit(self) -> Self:
        for name, site in self.sites.items():
            if site.capped and site.holds is not None and self.ware(site.holds).cap is None:
                raise ValueError(f"sites.{name}.capped: a {site.holds} takes no cap; leave it out, "
                                 "or describe the cap under labware")  # fmt: skip
        return self

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read and check a file.

        Raises:
            FileProblem: everything that is wrong with it, by field.
        """
        return load_document(cls, path)


def _named_by(device: DeviceSettings) -> Iterator[tuple[str, str, str]]:
    if isinstance(device, PipetteSettings | PowderHandlerSettings):
        yield from ((f"reaches.{line}", "site", site) for line, site in device.reaches.items())
    if isinstance(device, NewEraNE1000Settings):
        yield "reaches", "site", device.reaches
        yield "holds", "stock", device.holds
    if isinstance(device, PowderDoserSettings):
        yield from ((f"hoppers.{hopper}", "powder", powder) for hopper, powder in device.hoppers.items())
    if isinstance(device, OpenCvCameraSettings):
        yield from (("sees", "site", site) for site in device.sees)


__all__ = ["FileProblem", "LabConfig", "Name", "Site", "Stock", "Strict"]
