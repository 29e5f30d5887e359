"""What lab.yaml says of what doses, handles and measures powders."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from robot.strict import Name, Strict


class PowderDoserSettings(Strict):
    """A powder doser that speaks our open protocol; it doses into what stands on the site inside it."""

    model: Literal["powder_doser"]
    port: str
    hoppers: dict[Annotated[int, Field(ge=1, le=64)], Name] = Field(
        min_length=1, description="which powder is in which hopper", examples=[{1: "li2co3", 2: "mno"}]
    )
    min_mass_mg: float = Field(default=5.0, gt=0)
    max_mass_mg: float = Field(default=10_000.0, gt=0)
    min_tolerance_mg: float = Field(default=1.0, gt=0, description="no dose is asked to be finer than this")
    watchdog_s: int = Field(default=300, ge=0, le=3600, description="a dose ends after so long a silence; 0 is never")

    @model_validator(mode="after")
    def _each_powder_once(self) -> Self:
        names = list(self.hoppers.values())
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} is in two hoppers; give each powder of a lot its own name")
        return self


class PowderHandlerSettings(Strict):
    """A station that shakes and transfers powders and speaks our open protocol."""

    model: Literal["powder_handler"]
    port: str
    reaches: dict[Literal["source", "target"], Name] = Field(
        min_length=2,
        description="the sites of what is shaken and emptied, and of what is filled",
        examples=[{"source": "shaker", "target": "funnel"}],
    )
    max_speed_rpm: float = Field(default=2000.0, gt=0, le=3000)
    watchdog_s: int = Field(default=300, ge=0, le=3600, description="it stops after so long a silence; 0 is never")


class PowderDiffractometerSettings(Strict):
    """A powder diffractometer that speaks our open protocol; it measures what stands on the site inside it."""

    model: Literal["powder_diffractometer"]
    port: str
    min_angle_deg: float = Field(default=5.0, ge=5, le=140, description="2θ below which the beam passes by the sample")
    max_angle_deg: float = Field(default=140.0, ge=5, le=140)
