"""PreciseFlex 400: a four-axis SCARA arm with a servo gripper."""

from robot.drivers.preciseflex_pf400.driver import PreciseFlexPf400

__all__ = ["PreciseFlexPf400"]
