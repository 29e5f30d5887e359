"""What lab.yaml says of what closes and opens vessels."""

from typing import Literal

from pydantic import Field

from robot.strict import Strict


class VialCapperSettings(Strict):
    """A capper that speaks our open protocol; it closes and opens what stands on the site inside it."""

    model: Literal["vial_capper"]
    port: str
    torque_mnm: int = Field(default=800, ge=50, le=3000, description="caps are tightened with so many mN·m")
    caps: int = Field(default=48, ge=0, description="how many lie in its magazine at the start")
