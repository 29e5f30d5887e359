"""Where the journal of a run lies."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, make_url

from planning.database import file_engine, server_engine

FILE = "journal.db"


@dataclass(frozen=True)
class Place:
    """A file in the run's folder; or with `url` a PostgreSQL server, where `run` is the run's key. Pictures always lie
    in the folder.
    """

    folder: Path
    url: str = ""
    run: str = ""

    def __str__(self) -> str:
        return f"{make_url(self.url).render_as_string()} (run {self.run})" if self.url else str(self.folder / FILE)

    def engine(self, *, world_outlives_power: bool) -> Engine:
        """Prepare to talk to the database; raise Refused if the URL cannot be used."""
        if self.url:
            return server_engine(self.url)
        return file_engine(self.folder / FILE, "FULL" if world_outlives_power else "NORMAL")

    @property
    def is_absent(self) -> bool:
        """Is it certain that nothing was ever written here?"""
        return not self.url and not (self.folder / FILE).exists()
