"""What is known of a labelled picture and of each vessel in it. Whatever nobody knows is None or "unknown"."""

from pathlib import PurePosixPath
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

BoxPx = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the picture; the part hidden behind a rack is inside."""
CapState = Literal["on", "off", "none", "unknown"]
"""`none`: a vessel that takes no cap, such as a beaker or a plate."""
Content = Literal["empty", "transparent", "coloured", "two_layer", "unknown"]
UNSURE_MATERIAL, IGNORE = 254, 255
"""Values of material masks: filled, nobody knows with what; not to be scored."""


class Known(BaseModel):
    """A part of an index: frozen, finite; fields of other tools are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class VesselTruth(Known):
    """What is known of one vessel; `id` is its number in the vessel mask."""

    id: int = Field(gt=0)
    kind: str | None = None
    """In words: "test tube", "vial", "beaker", "plate"."""
    box_px: BoxPx | None = None
    """None: as its mask, if nothing hides it."""
    cap: CapState = "unknown"
    content: Content = "unknown"
    materials: tuple[str, ...] | None = None
    """Names of `Material` in lower case, from the lowest up."""
    n_material_regions: int | None = None
    fill_area_fraction: float | None = None
    fill_height_fraction: float | None = None
    """Height of all material as a share of the vessel's height without its cap (class 6), both in the picture."""
    fill_volume_fraction: float | None = None
    """Of the vessel's capacity, where known exactly."""
    capacity_ul: float | None = None
    labware: str | None = None
    """JSON of a `Labware`, where known."""
    turbidity: float | None = None
    """0 clear to 1 opaque within a millimetre."""
    colour_rgb: tuple[float, float, float] | None = None
    """0 to 1: what white light is after the content."""
    tipped: bool | None = None
    occluded: bool | None = None
    cut_off: bool | None = None


class Check(Known):
    """What a laboratory wanted to be told of one picture, and what a person answered."""

    question: str
    ok: bool


class PictureTruth(Known):
    """What is known of one picture."""

    name: str
    """Stem of its files."""
    width: int
    height: int
    source: str = ""
    licence: str = ""
    annotation: str = ""
    group: str | None = None
    """Pictures of one group (a camera pose, a scene) never lie on both sides of a split; None: a group of its own."""
    vessels: tuple[VesselTruth, ...] = ()
    all_vessels: bool = True
    """Is every vessel in view labelled? If not, what is not labelled says nothing."""
    all_boxed: bool = True
    """Has every vessel that `checks` ask about a box? If not, one hides another, and states cannot be told apart."""
    spill: bool | None = None
    checks: tuple[Check, ...] = ()

    @model_validator(mode="after")
    def _is_a_plain_stem(self) -> Self:
        if PurePosixPath(self.name).name != self.name or self.name in {"", ".", ".."}:
            raise ValueError(f"the name {self.name!r} is no plain file name; a picture lies in the folder images")
        return self


def shared_px(a: BoxPx, b: BoxPx) -> float:
    """Area that two boxes share.

    >>> shared_px((0, 0, 2, 2), (1, 0, 3, 2))
    2
    """
    return max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))
