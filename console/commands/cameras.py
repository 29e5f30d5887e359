"""`athanor vision board`, `athanor vision calibrate-camera`: where a camera stands, and how it bends what it sees."""

from pathlib import Path
from typing import Annotated

import typer

from robot.geometry import BenchPoint

Square = Annotated[float, typer.Option("--square-mm", min=2, help="Side of a square, measured on the print.")]
Columns = Annotated[int, typer.Option("--columns", min=4, max=20)]
Rows = Annotated[int, typer.Option("--rows", min=4, max=20)]
MARKER_SHARE = 0.75
"""Side of a marker in its square."""


def board(
    out: Annotated[Path, typer.Argument(help="The page to write: .png or .pdf.")],
    square_mm: Square = 28.0,
    columns: Columns = 9,
    rows: Rows = 6,
) -> None:
    """Write a page of A4 with the board that cameras are calibrated with.

    [dim]athanor vision board board.pdf[/]
    """
    from planning.errors import Refused
    from vision.calibration.board import PAPER_MM, Board, print_board

    wanted = Board(columns, rows, square_mm, MARKER_SHARE * square_mm)
    if out.suffix.lower() not in {".png", ".pdf"}:
        raise Refused(f"{out} is neither .png nor .pdf", "Name one of the two")
    if any(side > paper - 15 for side, paper in zip(wanted.size_mm, PAPER_MM, strict=True)):
        what = f"{columns} x {rows} squares of {square_mm:g} mm do not fit on A4"
        raise Refused(what, "Take smaller or fewer squares")
    print_board(wanted, out)
    print(out)


def calibrate_camera(
    pictures: Annotated[Path, typer.Argument(help="A folder of 10 to 30 pictures of the board, all by this camera.")],
    out: Annotated[Path, typer.Option("--out", help="The calibration to write, JSON.")],
    camera: Annotated[str, typer.Option("--camera", help="The camera's name in the lab file.")] = "camera",
    place: Annotated[
        Path | None, typer.Option("--place", help="A picture of the board at a known place on the bench; needs --at.")
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(
            "--at", help="Bench x,y,z in mm of the upper left, upper right and lower left corner of the squares."
        ),
    ] = None,
    valid_days: Annotated[float, typer.Option("--valid-days", min=0.1, help="Then it must be calibrated again.")] = 30,
    square_mm: Square = 28.0,
    columns: Columns = 9,
    rows: Rows = 6,
) -> None:
    """Calibrate a camera with pictures of the board, and show it where the bench is.

    [dim]athanor vision calibrate-camera shots/ --out side.json --place last.jpg --at 100,80,0 --at 100,-172,0 --at -68,80,0[/]
    """
    from planning.errors import Refused
    from vision.calibration.board import Board
    from vision.calibration.camera import calibrate, placed
    from vision.errors import DataUnreadable, NothingSeen
    from vision.sources import pictures_at, read_picture

    if (place is None) != (at is None) or (at is not None and len(at) != 3):
        raise Refused("--place and three times --at belong together", "Say both, or neither")
    wanted = Board(columns, rows, square_mm, MARKER_SHARE * square_mm)
    try:
        shots = [frame.pixels for frame in pictures_at(str(pictures))]
        found = calibrate(camera, shots, wanted).model_copy(update={"valid_days": valid_days})
        if place is not None and at is not None:
            found = placed(found, read_picture(place).pixels, wanted, *(_point(each) for each in at))
    except (DataUnreadable, NothingSeen) as err:
        raise Refused(str(err).rstrip("."), "Nothing was written") from err
    found.save(out)
    bench = f"knows the bench, {len(found.landmarks)} landmarks" if found.pose else "does not know where the bench is"
    print(f"{out}   {found.pictures} of {len(shots)} pictures   error {found.error_px:.2f} px   {bench}")


def _point(text: str) -> BenchPoint:
    from planning.errors import Refused

    try:
        x_mm, y_mm, z_mm = (float(part) for part in text.split(","))
    except ValueError as err:
        raise Refused(f"--at {text} is no point", "Say x,y,z in mm, such as 100,80,0") from err
    return BenchPoint(x_mm, y_mm, z_mm)
