"""Batches gather where there is room for so many; several that come at once can fill it in parts, and wait for ever."""

from planning.scheduling.state import READY, Load, State


def first_of_stuck(state: State, place: int) -> Load | None:
    """Where all who hold a place wait for others who would need it: the one of their batches that has its turn first."""
    gathering: list[Load] = []
    for freer in state.holders[place].values():
        firing = state.table.enters[freer]
        load = state.load[firing] if firing >= 0 else None
        if not load or not load.gathers or load.machine >= 0 or not load.entering or state.state[freer] != READY:
            return None
        gathering.append(load)
    return min(gathering, key=lambda load: state.rank[load.members[0]], default=None)
