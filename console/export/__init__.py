"""A run as files that others can read without Athanor: tables, pictures, patterns, and an RO-Crate that says what they are."""

import shutil
from pathlib import Path

from console.export.crate import METADATA, write_crate
from console.export.tables import write_tables
from console.report.story import read_story
from console.runfolder import RunFolder
from planning.errors import Refused
from planning.journal import Journal
from planning.journal.evidence import FOLDERS
from robot.clock import WallClock

__all__ = ["export_run"]


def export_run(folder: Path, target: Path, *, crate: bool, license_url: str = "") -> list[Path]:
    """Write a run into a folder; return its files.

    Raises:
        Refused: that is no run's folder, or there is something in the target already.
        FileProblem: one of the run's files cannot be used.
    """
    story = read_story(folder)
    with Journal.reading(RunFolder(folder).place) as journal:
        chained = list(journal.rows("events"))
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise Refused(f"{target} cannot be made a folder: {err.strerror}", "Name another with --to") from err
    if any(target.iterdir()):
        raise Refused(f"{target} is not empty", "Name another folder with --to")
    write_tables(story, chained, target)
    if crate:
        for path in (*RunFolder(folder).copies, folder / "run.json", folder / "report.html"):
            if path.exists():
                shutil.copyfile(path, target / path.name)
        for kept in filter(Path.exists, (folder / name for name in FOLDERS.values())):
            shutil.copytree(kept, target / kept.name)
        write_crate(story, target, WallClock().date(), license_url)
    files = sorted(path for path in target.rglob("*") if path.is_file())
    assert not crate or target / METADATA in files
    return files
