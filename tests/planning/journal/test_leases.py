"""At most one engine has a run or a bench; one that lost it is known by its token."""

import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import Engine

from planning.database import server_engine
from planning.errors import Fenced, NotRecorded, Refused
from planning.leases import BEAT_S, OURS_FOR_S, TAKEN_AFTER_S, Lease, Leases, Pace
from planning.owner import Owner

from .server import Server

MakeEngine = Callable[[], Engine]
HERE = Owner.this_process("today")
ELSEWHERE = replace(HERE, host="other-host", boot="another kernel")


@dataclass
class HandClock:
    """Time that passes when somebody waits; and what happens meanwhile."""

    t_s: float = 0.0
    meanwhile: Callable[[], object] = lambda: None

    def wait(self, seconds: float) -> None:
        self.t_s += seconds
        self.meanwhile()

    def pace(self) -> Pace:
        return Pace(lambda: self.t_s, self.wait)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def make_leases(make_engine: MakeEngine, clock: HandClock) -> Callable[[], Leases]:
    """The same database, as each engine opens it."""
    return lambda: Leases(make_engine(), "leases", clock.pace())


@pytest.fixture
def what(request: pytest.FixtureRequest) -> str:
    return f"bench {request.node.name}"


MakeLeases = Callable[[], Leases]


def dead_process() -> Owner:
    """Somebody of this host who was and is no more."""
    code = (
        "import pickle, sys; from planning.owner import Owner; pickle.dump(Owner.this_process('x'), sys.stdout.buffer)"
    )
    owner: Owner = pickle.loads(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout)
    return owner


def test_the_second_engine_is_refused_with_the_owners_name(make_leases: MakeLeases, what: str) -> None:
    make_leases().take(what, HERE)

    with pytest.raises(Refused) as caught:
        make_leases().take(what, replace(HERE, since="later"))

    assert f"process {os.getpid()} on {HERE.host} since today" in str(caught.value)


def test_what_was_released_can_be_had_at_once_under_a_new_token(make_leases: MakeLeases, what: str) -> None:
    first = make_leases().take(what, HERE)
    first.release()

    assert make_leases().take(what, HERE).token == first.token + 1


def test_an_owner_that_was_killed_on_this_host_stands_in_nobodys_way(
    make_leases: MakeLeases, what: str, clock: HandClock
) -> None:
    make_leases().take(what, dead_process())

    make_leases().take(what, HERE)

    assert clock.t_s == 0.0


def test_a_number_that_another_process_has_by_now_is_not_the_owner(make_leases: MakeLeases, what: str) -> None:
    make_leases().take(what, replace(HERE, started="1"))

    assert make_leases().take(what, HERE).token == 2


def test_a_killed_owner_that_nobody_buried_is_dead(make_leases: MakeLeases, what: str) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)

    owner = replace(HERE, pid=child)
    assert owner.is_dead_here
    os.waitpid(child, 0)


def test_an_owner_elsewhere_whose_heart_beats_is_left_alone(
    make_leases: MakeLeases, what: str, clock: HandClock
) -> None:
    lease = make_leases().take(what, ELSEWHERE)
    clock.meanwhile = lease.beat

    with pytest.raises(Refused, match="other-host"):
        make_leases().take(what, HERE)


def test_an_owner_elsewhere_whose_heart_stopped_is_followed_after_listening(
    make_leases: MakeLeases, what: str, clock: HandClock
) -> None:
    told: list[str] = []
    make_leases().take(what, ELSEWHERE)

    lease = make_leases().take(what, HERE, told.append)

    assert lease.token == 2
    assert clock.t_s >= TAKEN_AFTER_S
    assert "listening up to 60 s" in told[0]


def stolen(make_leases: MakeLeases, what: str) -> Lease:
    """A lease whose owner has lost it without knowing."""
    stale = make_leases().take(what, ELSEWHERE)
    make_leases().take(what, HERE)
    return stale


def test_a_stale_token_is_fenced(make_leases: MakeLeases, what: str) -> None:
    stale = stolen(make_leases, what)

    with pytest.raises(Fenced, match=f"process {os.getpid()} on {HERE.host} since today has it"):
        stale.check()


def test_a_stale_heart_does_not_beat_for_the_new_owner(make_leases: MakeLeases, what: str) -> None:
    stale = stolen(make_leases, what)
    before = make_leases().holder(what)

    with pytest.raises(Fenced):
        stale.beat()

    assert make_leases().holder(what) == before


def test_a_stale_owner_releases_nothing(make_leases: MakeLeases, what: str) -> None:
    stale = stolen(make_leases, what)

    stale.release()

    held = make_leases().holder(what)
    assert held is not None
    assert held.owner == HERE


def test_an_owner_that_slept_and_was_not_followed_goes_on(make_leases: MakeLeases, what: str, clock: HandClock) -> None:
    lease = make_leases().take(what, HERE)
    clock.t_s += 10 * TAKEN_AFTER_S

    lease.check()

    held = make_leases().holder(what)
    assert held is not None
    assert held.beat == 1


def test_of_many_that_want_it_at_once_one_gets_it(make_leases: MakeLeases, what: str) -> None:
    engines = [make_leases() for _ in range(6)]
    got: list[Lease] = []
    refused: list[str] = []

    def want(leases: Leases) -> None:
        try:
            got.append(leases.take(what, HERE))
        except Refused as err:
            refused.append(str(err))

    threads = [threading.Thread(target=want, args=(leases,)) for leases in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == 1
    assert len(refused) == 5
    assert all(f"process {os.getpid()}" in words for words in refused)


def test_an_owner_gives_itself_up_before_another_may_follow() -> None:
    assert BEAT_S < OURS_FOR_S < TAKEN_AFTER_S


def test_a_server_that_is_gone_stops_what_needs_its_word(server: Server, clock: HandClock) -> None:
    engine = server_engine(server.url)
    lease = Leases(engine, "leases", clock.pace()).take("bench gone", HERE)
    server.stop()
    try:
        with pytest.raises(NotRecorded):
            lease.check()
    finally:
        server.start()
        engine.dispose()


def told_of_loss(lease: Lease) -> str:
    """What the owner hears while its heart beats."""
    told: queue.Queue[str] = queue.Queue()
    with lease.kept(told.put):
        return told.get(timeout=20)


def test_an_owner_hears_of_the_theft_at_its_next_heartbeat(
    make_leases: MakeLeases, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = stolen(make_leases, what)
    monkeypatch.setattr("planning.leases.BEAT_S", 0.001)

    assert "since today has it" in told_of_loss(stale)


def test_an_owner_that_cannot_renew_gives_itself_up(
    server: Server, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planning.leases.BEAT_S", 0.001)
    engine = server_engine(server.url)
    lease = Leases(engine, "the server", clock.pace()).take("bench cut off", HERE)
    server.stop()
    clock.t_s += OURS_FOR_S + 1
    try:
        assert "the server has not answered for 40 s" in told_of_loss(lease)
    finally:
        server.start()
        engine.dispose()
