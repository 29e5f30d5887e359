import pytest

from hardware_sim.render.pathtracer.backend import TracerMissing, load_mitsuba, use_threads


@pytest.fixture(scope="session")
def tracer() -> None:
    """Skip where path tracing is not installed."""
    try:
        load_mitsuba()
    except TracerMissing as err:
        pytest.skip(str(err))
    use_threads(1)
