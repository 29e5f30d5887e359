"""`athanor`: the command line. Whatever goes wrong ends here, in plain words and with an exit code."""

import sys
from pathlib import Path


def main() -> None:
    """Run the command line."""
    _check_robot_is_ours()
    from console.cli import app
    from planning.errors import Fenced, NotRecorded, Refused
    from robot.errors import DeviceError
    from robot.files import FileProblem

    try:
        app()
    except (FileProblem, Refused, Fenced, NotRecorded, DeviceError) as err:
        from rich.console import Console

        Console(stderr=True, highlight=False, soft_wrap=True).print(f"[bold red]✗[/] {_escaped(str(err))}")
        sys.exit(1)


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _check_robot_is_ours() -> None:
    """Robot Framework installs a package of the same name; whichever was installed last wins."""
    import robot

    if not (Path(str(robot.__file__)).parent / "interfaces" / "furnace.py").exists():
        sys.exit(
            f"athanor: the package 'robot' at {robot.__file__} is not Athanor's: Robot Framework uses the same name.\n"
            "   → give Athanor an environment of its own: python3 -m venv .venv && .venv/bin/pip install athanor"
        )


if __name__ == "__main__":
    main()
