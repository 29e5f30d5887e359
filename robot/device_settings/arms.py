"""What lab.yaml says of arms."""

from typing import Literal

from pydantic import Field

from robot.strict import Strict


class DobotMagicianSettings(Strict):
    """A Dobot Magician with its gripper."""

    model: Literal["dobot_magician"]
    port: str
    speed_mm_per_s: float = Field(default=150.0, gt=0, le=320)
    acceleration_mm_per_s2: float = Field(default=300.0, gt=0, le=1000)
    grip_sensor: int | None = Field(
        default=None, ge=1, le=20, description="the EIO pin that a light barrier between its jaws hangs on, if one does"
    )


class GrblGantrySettings(Strict):
    """A gantry under GRBL 1.1; coolant on (M8) lets air open its gripper, off (M9) closes it."""

    model: Literal["grbl_gantry"]
    port: str
    home_mm: tuple[float, float, float] = Field(
        description="where the tool stands at machine zero", examples=[[400.0, 300.0, 150.0]]
    )
    travel_mm: tuple[float, float, float] = Field(
        description="how far it goes from there, towards lower x, y and z", examples=[[400.0, 600.0, 150.0]]
    )
    speed_mm_per_s: float = Field(default=100.0, gt=0, le=500, description="no more than $110 to $112 allow")
    acceleration_mm_per_s2: float = Field(default=200.0, gt=0, le=5000, description="as $120 to $122 say")
    grip_sensor: Literal["probe"] | None = Field(
        default=None, description="the input that a light barrier between its jaws hangs on, if one does"
    )


class SmoothieGantrySettings(Strict):
    """A gantry under Smoothieware, as Opentrons speaks it; output on (M42) lets air open its gripper, off (M43) closes it."""

    model: Literal["smoothie_gantry"]
    port: str
    home_mm: tuple[float, float, float] = Field(
        description="where the tool stands on the bench when it is home", examples=[[400.0, 300.0, 200.0]]
    )
    homed_at_mm: tuple[float, float, float] = Field(
        description="what the machine counts there: alpha_max, beta_max and gamma_max", examples=[[418.0, 353.0, 218.0]]
    )
    travel_mm: tuple[float, float, float] = Field(
        description="how far it goes from there, towards lower x, y and z", examples=[[400.0, 300.0, 200.0]]
    )
    speed_mm_per_s: float = Field(default=100.0, gt=0, le=500, description="no more than M203.1 allows")
    acceleration_mm_per_s2: float = Field(default=200.0, gt=0, le=5000, description="as M204 says")
    grip_sensor: Literal["probe"] | None = Field(
        default=None, description="the input that a light barrier between its jaws hangs on, if one does"
    )


class PreciseFlexPf400Settings(Strict):
    """A PreciseFlex 400 with its servo gripper, under the maker's TCP command server."""

    model: Literal["preciseflex_pf400"]
    port: str = Field(description="host, or host:port,port of the robot's and the status server")
    column_mm: float = Field(default=400.0, gt=0, le=1160, description="travel of its column")
    open_mm: float = Field(default=100.0, ge=60, le=135, description="between the fingers")
    closed_mm: float = Field(default=70.0, ge=60, le=135, description="a little less than what it is to hold")
    speed_mm_per_s: float = Field(default=150.0, gt=0, le=500)
    acceleration_mm_per_s2: float = Field(default=500.0, gt=0, le=2500)
    grip_sensor: int | None = Field(
        default=None, ge=1, description="the digital signal of a light barrier between its fingers, if there is one"
    )


class UrESeriesSettings(Strict):
    """A Universal Robots arm of the e-Series in remote control; its gripper hangs on a digital output."""

    model: Literal["ur_eseries"]
    port: str = Field(description="host, or host:port,port,port of dashboard, URScript and RTDE")
    size: Literal["ur3e", "ur5e", "ur10e"] = "ur5e"
    foot_mm: tuple[float, float, float] = Field(
        default=(0.0, 0.0, 0.0), description="where its foot stands on the bench, upright, its x along the bench's"
    )
    gripper_output: int = Field(default=0, ge=0, le=7, description="the standard digital output that closes it")
    grip_s: float = Field(default=0.5, gt=0, le=5, description="how long the jaws take")
    speed_mm_per_s: float = Field(default=150.0, gt=0, le=1000)
    acceleration_mm_per_s2: float = Field(default=300.0, gt=0, le=2500)
    grip_sensor: int | None = Field(
        default=None, ge=0, le=7, description="the digital input of a light barrier between its jaws, if there is one"
    )


ArmSettings = (
    DobotMagicianSettings | GrblGantrySettings | PreciseFlexPf400Settings | SmoothieGantrySettings | UrESeriesSettings
)
