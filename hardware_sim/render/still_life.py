"""A still life: vessels with contents, things that are none, a table, light and a camera; frozen, and drawn by anyone.

The compositor and the path tracer draw the same values. Millimetres: x to the right, y away from the camera, z up;
the table's top is z = 0.
"""

from dataclasses import dataclass, field
from typing import Literal

from hardware_sim.render.profiles import Profile
from hardware_sim.render.scene import Rgb

Point = tuple[float, float, float]
Material = Literal["liquid", "suspension", "solid", "foam"]
ClosureShape = Literal["screw", "crimp", "snap", "stopper", "cork", "septum", "nozzle", "film"]
WallKind = Literal["glass", "plastic", "frosted", "opaque"]
Pattern = Literal["blank", "text", "code", "screen", "grid", "holes", "brushed"]
LabelPattern = Literal["text", "code", "blank", "band", "marks"]


@dataclass(frozen=True)
class Layer:
    """One material in a vessel, from the layer below (or the floor) up to `top_mm`."""

    material: Material
    top_mm: float
    """Over the foot along the axis, in the vessel upright; tilted it holds the same volume."""
    colour_rgb: Rgb
    """Share of white light that is left after 10 mm of it; of a solid or a foam: that it throws back."""
    turbidity: float
    """0 clear to 1 opaque within a millimetre."""
    grain_mm: float = 0.0
    """Of a solid's grains or a foam's bubbles."""
    slope: float = 0.0
    """Of a solid's surface, rise over run to the right."""
    heap: float = 0.0
    """Of a solid: rise of its middle over run to the wall; negative for a hollow."""


@dataclass(frozen=True)
class Closure:
    """What closes a vessel. It reaches from `low_mm` to `high_mm` over the foot, along the axis."""

    shape: ClosureShape
    low_mm: float
    high_mm: float
    radius_mm: float
    colour_rgb: Rgb
    ribs: int = 0
    """Around it; 0 is smooth."""
    gloss: float = 0.3


@dataclass(frozen=True)
class Label:
    """Paper or print around part of a vessel's outside."""

    low_mm: float
    high_mm: float
    turn_deg: float
    """Where its middle is: 0 faces the camera, 90 is at the right."""
    span_deg: float
    colour_rgb: Rgb
    ink_rgb: Rgb
    pattern: LabelPattern
    """`marks` are graduations: ink alone, the wall shows between."""


@dataclass(frozen=True)
class Wall:
    """What a vessel is made of."""

    kind: WallKind
    tint_rgb: Rgb
    """Share of light that passes; of an opaque wall: that it throws back."""
    haze: float = 0.0
    """0 clear to 1 as milk: share of what is behind that is lost in scattered light."""


@dataclass(frozen=True)
class Vessel:
    """A vessel where it stands, hangs, leans or lies."""

    profile: Profile
    wall: Wall
    foot_mm: Point
    axis: Point
    """Unit vector from foot to mouth: (0, 0, 1) stands upright."""
    layers: tuple[Layer, ...] = ()
    """From the lowest up."""
    closure: Closure | None = None
    takes_cap: bool = True
    labels: tuple[Label, ...] = ()
    condensation: float = 0.0
    """Share of the empty wall under drops."""
    seed: int = 0
    """Decides what nobody chose: grains, drops, words on labels."""

    @property
    def top_mm(self) -> float:
        """Of all that belongs to it, over the foot along the axis."""
        return max(self.profile.height_mm, self.closure.high_mm if self.closure else 0.0)

    @property
    def tipped(self) -> bool:
        """Does it lie?"""
        return self.axis[2] < 0.5

    @property
    def volume_ul(self) -> float:
        """Of all its layers."""
        return self.profile.volume_ul(self.layers[-1].top_mm) if self.layers else 0.0


@dataclass(frozen=True)
class Block:
    """A box on or over the table, its faces painted."""

    centre_mm: Point
    size_mm: Point
    turn_deg: float
    """Around the upright."""
    colour_rgb: Rgb
    pattern: Pattern = "blank"
    """Of the face towards the camera; `holes` and `grid` of the upper one."""
    seed: int = 0


@dataclass(frozen=True)
class Rod:
    """A straight or bent round rod, cable or hose through points."""

    points_mm: tuple[Point, ...]
    radius_mm: float
    colour_rgb: Rgb
    gloss: float = 0.3


@dataclass(frozen=True)
class Disc:
    """A round opaque thing that stands on the table: a mould, a lid, a puck, a bowl seen as a ring."""

    foot_mm: Point
    radius_mm: float
    height_mm: float
    colour_rgb: Rgb
    hollow: bool = False


Thing = Block | Rod | Disc


@dataclass(frozen=True)
class Spill:
    """A puddle or drops on the table or a tray: outlines in its plane."""

    outlines_mm: tuple[tuple[tuple[float, float], ...], ...]
    z_mm: float
    colour_rgb: Rgb
    """Share of white light that it leaves of what lies below."""
    turbidity: float


@dataclass(frozen=True)
class Table:
    """What the vessels stand on, and the wall behind."""

    colour_rgb: Rgb
    pattern: Pattern
    depth_mm: float
    """Where it ends, behind the vessels."""
    gloss: float
    """0 matt to 1 as a mirror."""
    present: bool = True
    """If not, only the backdrop is behind: a gripper holds the vessel somewhere in the room."""


@dataclass(frozen=True)
class Light:
    """Where light comes from and what colour it is."""

    rgb: Rgb
    """1, 1, 1 is neutral."""
    brightness: float
    from_side: float
    """-1 left to 1 right."""
    gloss: float
    """Strength of highlights on walls."""
    softness: float
    """0 a point to 1 an overcast sky."""


@dataclass(frozen=True)
class Camera:
    """A pinhole, and what it does to a picture afterwards."""

    eye_mm: Point
    target_mm: Point
    """Shown in the middle of the picture."""
    roll_deg: float
    fov_deg: float
    """Over the picture's height."""
    width_px: int
    height_px: int
    defocus_px: float = 0.0
    motion_px: tuple[float, float] = (0.0, 0.0)
    noise_std: float = 2.0
    """In steps of 1/255."""
    jpeg_quality: int = 95
    vignette: float = 0.1
    """Share of light lost in the corners."""
    white_balance_rgb: Rgb = (1.0, 1.0, 1.0)
    contrast: float = 1.0
    flare: float = 0.0
    """Stray light over the whole picture, as a share of white."""
    shrink: float = 1.0
    """Taken at this share of its size and enlarged again."""


@dataclass(frozen=True)
class StillLife:
    """All that one picture shows."""

    kind: str
    """What the arranger had in mind: "bench", "rack", "tray", ..."""
    vessels: tuple[Vessel, ...]
    things: tuple[Thing, ...]
    spills: tuple[Spill, ...]
    table: Table
    light: Light
    camera: Camera
    backdrop: str
    """How the far background is painted: of `backgrounds.PAINTERS`."""
    seed: int = field(default=0)
    """Decides what nobody chose."""
