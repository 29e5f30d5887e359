"""Leases: at most one engine has a run or a bench, and one that lost it is fenced.

An engine takes a lease by moving its row on from what it read there: of two that try, one succeeds. Each owner gets a
token that no owner had before. While it has the lease its heart beats: a count in the row goes up. No wall clock is
compared with another. Whoever wants a lease
- takes it at once if its owner is gone from this same host: no such process, or one that began at another time;
- is refused at once if its owner lives on this same host, be it asleep;
- watches the heart of an owner elsewhere, and takes the lease if it does not beat for `TAKEN_AFTER_S` on its own
  monotonic clock.

An owner holds itself for the owner only while its last heartbeat that arrived is younger than `OURS_FOR_S`. As long as
the two clocks do not differ in speed by half, nobody takes what another believes to be its own.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Column, Engine, Integer, MetaData, Table, Text, bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from planning.database import reason
from planning.errors import Fenced, NotRecorded, Refused
from planning.owner import Owner
from robot.clock import wall_s

BEAT_S = 10.0
OURS_FOR_S = 40.0
TAKEN_AFTER_S = 60.0
"""Twenty seconds longer than an owner believes in itself: more than the longest exchange on a wire."""

METADATA = MetaData()
LEASES = Table(
    "leases",
    METADATA,
    Column("what", Text, primary_key=True),
    Column("token", Integer, nullable=False),
    Column("beat", Integer, nullable=False),
    Column("host", Text, nullable=False),
    Column("boot", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started", Text, nullable=False),
    Column("since", Text, nullable=False),
)
HOLDER = select(LEASES).where(LEASES.c.what == bindparam("what"))
NOBODY = Owner("", "", 0, "", "")


@dataclass(frozen=True)
class Held:
    """A row as it was read: its owner, token and heartbeat."""

    token: int
    beat: int
    owner: Owner


@dataclass(frozen=True)
class Pace:
    """Time for those who hold or want a lease; tests bring their own."""

    now_s: Callable[[], float] = wall_s
    wait: Callable[[float], object] = threading.Event().wait


class Leases:
    """The leases that one database keeps.

    Raises:
        Refused: the database cannot be used.
    """

    def __init__(self, engine: Engine, where: str, pace: Pace = Pace()) -> None:
        self.pace = pace
        self._engine = engine
        self._where = where
        try:
            METADATA.create_all(engine)
        except DBAPIError as err:
            raise Refused(f"{where} cannot be used: {reason(err)}", "Start the server, or mend the path") from err

    def holder(self, what: str) -> Held | None:
        """Who has something, or had it last; None if nobody ever had."""
        with self._engine.connect() as connection:
            row = connection.execute(HOLDER, {"what": what}).one_or_none()
        if row is None:
            return None
        return Held(row.token, row.beat, Owner(row.host, row.boot, row.pid, row.started, row.since))

    def take(self, what: str, owner: Owner, tell: Callable[[str], object] = lambda text: None) -> "Lease":
        """Become the owner.

        Args:
            tell: hears when it will take a while.

        Raises:
            Refused: another engine has it, and lives; the message names it.
        """
        while True:
            held = self.holder(what)
            if held is not None and held.owner != NOBODY and not held.owner.is_dead_here:
                self._watch(what, held, tell)
            token = 1 if held is None else held.token + 1
            before_s = self.pace.now_s()
            if self._claim(what, owner, held, token):
                return Lease(self, what, token, before_s)

    def _watch(self, what: str, held: Held, tell: Callable[[str], object]) -> None:
        """Return if the owner's heart has stopped; else refuse."""
        if not held.owner.is_here:
            tell(f"{what} belongs to {held.owner}; listening up to {TAKEN_AFTER_S:.0f} s whether it lives")
            start_s = self.pace.now_s()
            while self.pace.now_s() - start_s < TAKEN_AFTER_S and self.holder(what) == held:
                self.pace.wait(min(BEAT_S, TAKEN_AFTER_S) / 4)
            if self.holder(what) == held:
                return
        raise Refused(f"{what} is being conducted by {held.owner}", "Stop that one first")

    def _claim(self, what: str, owner: Owner, held: Held | None, token: int) -> bool:
        """Move the row on from what was read; False if somebody else did so meanwhile."""
        values = asdict(owner) | {"token": token, "beat": 0}
        if held is None:
            try:
                with self._engine.begin() as connection:
                    connection.execute(insert(LEASES).values(what=what, **values))
            except IntegrityError:
                return False
            return True
        return self.move(what, held.token, values, (LEASES.c.beat == held.beat,))

    def move(self, what: str, token: int, values: dict[str, Any], conditions: tuple[Any, ...] = ()) -> bool:
        """Change a row whose token is still this one; False if it is not."""
        change = update(LEASES).where(LEASES.c.what == what, LEASES.c.token == token, *conditions).values(values)
        with self._engine.begin() as connection:
            return connection.execute(change).rowcount == 1

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __str__(self) -> str:
        return self._where


class Lease:
    """What one engine has. Its token goes up with each owner: a stale one is known by it."""

    def __init__(self, leases: Leases, what: str, token: int, beat_s: float) -> None:
        self.what = what
        self.token = token
        self._leases = leases
        self._beat_s = beat_s

    def check(self) -> None:
        """Return if the lease is ours for long enough to make an exchange.

        Raises:
            Fenced: another engine has it.
            NotRecorded: the database does not answer.
        """
        try:
            if self._age_s() > BEAT_S:
                self.beat()
                return
            held = self._leases.holder(self.what)
        except DBAPIError as err:
            raise NotRecorded(str(self._leases), reason(err)) from err
        if held is None or held.token != self.token:
            raise self._fenced(held)

    def beat(self) -> None:
        """Show that we live; raise Fenced if another engine has it, DBAPIError if the database does not answer."""
        before_s = self._leases.pace.now_s()
        if not self._leases.move(self.what, self.token, {"beat": LEASES.c.beat + 1}):
            raise self._fenced(self._leases.holder(self.what))
        self._beat_s = before_s

    def release(self) -> None:
        """Let the next engine have it at once."""
        self._leases.move(self.what, self.token, asdict(NOBODY))

    @contextmanager
    def kept(self, on_loss: Callable[[str], object]) -> Iterator[None]:
        """Let the heart beat while inside; tell once, from a thread, if the lease is lost or soon to be."""
        over = threading.Event()
        thread = threading.Thread(target=self._beats, args=(over, on_loss), daemon=True, name=f"lease of {self.what}")
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _beats(self, over: threading.Event, on_loss: Callable[[str], object]) -> None:
        while not over.wait(BEAT_S):
            try:
                self.beat()
            except Fenced as err:
                on_loss(str(err))
                return
            except DBAPIError as err:
                if self._age_s() > OURS_FOR_S:
                    on_loss(f"{self._leases} has not answered for {OURS_FOR_S:.0f} s: {reason(err)}")
                    return

    def _age_s(self) -> float:
        return self._leases.pace.now_s() - self._beat_s

    def _fenced(self, held: Held | None) -> Fenced:
        return Fenced(
            self.what, f"{held.owner} has it" if held and held.owner != NOBODY else "its lease was taken away"
        )
