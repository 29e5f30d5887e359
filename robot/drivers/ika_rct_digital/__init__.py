"""IKA RCT digital and its kin: hotplates that stir."""

from robot.drivers.ika_rct_digital.driver import IkaRctDigital

__all__ = ["IkaRctDigital"]
