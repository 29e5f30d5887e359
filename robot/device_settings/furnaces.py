"""What lab.yaml says of furnaces."""

from typing import Literal

from pydantic import Field

from robot.address import is_network_address
from robot.strict import Name, Strict


class FurnaceSettings(Strict):
    """A furnace, whoever made its controller."""

    port: str
    max_temperature_c: float = Field(gt=0, le=1800, examples=[350.0])
    handle_below_c: float = Field(default=60.0, gt=0, description="the arm may reach in below this")
    atmosphere: Name = Field(default="air", description="the gas that it is under")
    follows_c_per_min: float = Field(default=15.0, gt=0, description="the fastest ramp that the chamber keeps up with")
    cooling_min: float = Field(
        default=20.0, gt=0, description="switched off it loses 63 % of its excess over the room in so long"
    )


class EurothermSettings(FurnaceSettings):
    """A furnace behind a Eurotherm controller."""

    unit: int = Field(default=1, ge=1, le=247)
    identity: int | None = Field(
        default=None, ge=0, le=0xFFFF, description="what register 122 says here, once a person has read the label"
    )


class Eurotherm2416Settings(EurothermSettings):
    """A furnace behind a Eurotherm 2416."""

    model: Literal["eurotherm_2416"]


class Eurotherm3216PSettings(EurothermSettings):
    """A furnace behind a Eurotherm 3216P."""

    model: Literal["eurotherm_3216p"]


class EurothermEPC3016Settings(EurothermSettings):
    """A furnace behind a Eurotherm EPC3016: by Ethernet at host:502, by EIA-485 at a serial port."""

    model: Literal["eurotherm_epc3016"]

    @property
    def is_on_ethernet(self) -> bool:
        """Does it talk Modbus TCP?"""
        return is_network_address(self.port)


class YudianAI518PSettings(FurnaceSettings):
    """A furnace behind a Yudian AI-518P, AI-708P or AI-719P that talks AIBUS."""

    model: Literal["yudian_ai518p"]
    address: int = Field(default=1, ge=0, le=80)
