r"""Programs in URScript. Pure: nothing here opens, waits or logs.

A program is not acknowledged: it first writes its number into an output register, where RTDE shows it.
Source: UR "The URScript programming language for e-Series".
"""

from robot.drivers.ur_eseries.rtde import COUNT_REGISTER
from robot.geometry import BenchPoint

TOOL_DOWN = "0,3.14159265,0"  # the tool's axis points to the floor


def encode_move(to: BenchPoint, speed_mm_per_s: float, acceleration_mm_per_s2: float, count: int) -> bytes:
    r"""Move straight to a point, the tool pointing down.

    >>> print(encode_move(BenchPoint(250.0, 0.0, 100.0), 150.0, 300.0, 17).decode(), end="")
    def athanor_17():
      write_output_integer_register(24, 17)
      movel(p[0.250000,0.000000,0.100000,0,3.14159265,0], a=0.3, v=0.15)
    end
    """
    place = ",".join(f"{value_mm / 1000:.6f}" for value_mm in (to.x_mm, to.y_mm, to.z_mm))
    motion = f"a={acceleration_mm_per_s2 / 1000:g}, v={speed_mm_per_s / 1000:g}"
    return _program(count, f"movel(p[{place},{TOOL_DOWN}], {motion})")


def encode_grip(output: int, closed: bool, grip_s: float, count: int) -> bytes:
    r"""Switch the gripper's output and wait until the jaws have moved.

    >>> print(encode_grip(0, True, 0.5, 18).decode(), end="")
    def athanor_18():
      write_output_integer_register(24, 18)
      set_standard_digital_out(0, True)
      sleep(0.5)
    end
    """
    return _program(count, f"set_standard_digital_out({output}, {closed})", f"sleep({grip_s:g})")


def _program(count: int, *lines: str) -> bytes:
    head = (f"def athanor_{count}():", f"write_output_integer_register({COUNT_REGISTER}, {count})")
    return ("\n  ".join((*head, *lines)) + "\nend\n").encode("ascii")
