"""What a lab file's `simulation:` section may say."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hardware_sim.world.oven_kinds import OvenName
from hardware_sim.world.reactions import Rate, ReactionName


class FilmSettings(BaseModel):
    """Of dry films."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    density_mg_per_mm3: float = Field(default=1.1, gt=0)


class SimulationSettings(BaseModel):
    """What only the simulated world needs to know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    seed: int | None = Field(default=None, ge=0)
    ambient_c: float = Field(default=22.0, ge=-20, le=60)
    truth: str | None = None
    film: FilmSettings = FilmSettings()
    ovens: dict[str, OvenName] = Field(
        default={}, description="what stands behind a furnace's controller; a bench-top oven if left out"
    )
    reactions: dict[ReactionName, Rate] = Field(
        default={}, description="how fast solids react, where it is not to be as in hardware_sim/world/reactions.py"
    )
    powders_mg: dict[str, dict[str, Annotated[float, Field(ge=0)]]] = Field(
        default={}, description="by site: the phases that lie in each vessel there at the start"
    )
