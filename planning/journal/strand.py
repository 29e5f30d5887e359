"""One chained table while it is written: what the database holds of it, and what is still to be brought there."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from planning.journal.chain import Columns, End, link


@dataclass
class Strand:
    """The lines of one run in one table, and where they end."""

    table: Table
    run: str
    kept: End
    """The last line that is known to be in the database."""
    pending: list[dict[str, Any]] = field(default_factory=list)
    end: End = field(init=False)
    """The last line of all."""

    def __post_init__(self) -> None:
        self.end = self.kept
        self._names = [column.name for column in self.table.columns]
        self._insert = insert(self.table)

    def add(self, *columns: Any) -> None:
        """Chain a line to the end; `columns` are those after its number."""
        line: Columns = (self.end.seq + 1, *columns)
        self.end = End(self.end.seq + 1, link(self.end.hash, line))
        self.pending.append(dict(zip(self._names, (self.run, *line, self.end.hash), strict=True)))

    def insert(self, connection: Connection) -> None:
        """Write what is pending, within the caller's transaction."""
        if self.pending:
            connection.execute(self._insert, self.pending)

    def arrived(self, end: End) -> None:
        """All up to `end` is in the database."""
        self.kept = end
        self.pending = [line for line in self.pending if line["seq"] > end.seq]

    def holds(self, end: End) -> bool:
        """Is this end one that we wrote or found here?"""
        ours = {line["seq"]: line["hash"] for line in self.pending} | {self.kept.seq: self.kept.hash}
        return ours.get(end.seq) == end.hash

    def lines(self, connection: Connection, after: int = 0, kinds: Collection[str] = ()) -> Any:
        """Rows in order, one by one; of events, those of some kinds alone if any are named."""
        here = self.table.c
        wanted = select(self.table).where(here.run == self.run, here.seq > after)
        return connection.execute((wanted.where(here.kind.in_(kinds)) if kinds else wanted).order_by(here.seq))
