"""A camera that OpenCV can open, or that shows snapshots at an http address."""

from robot.drivers.opencv_camera.driver import OpenCvCamera

__all__ = ["OpenCvCamera"]
