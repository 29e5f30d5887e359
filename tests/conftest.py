"""What many tests start from: the film bench's own files."""

from pathlib import Path

import pytest

from planning.protocol.document import Protocol
from robot.config import LabConfig

EXAMPLE = Path(__file__).parent.parent / "examples" / "film_bench"


@pytest.fixture(scope="session")
def film_bench() -> Path:
    return EXAMPLE


@pytest.fixture(scope="session")
def lab() -> LabConfig:
    return LabConfig.load(EXAMPLE / "lab.yaml")


@pytest.fixture(scope="session")
def recipe() -> Protocol:
    return Protocol.load(EXAMPLE / "protocol.yaml")
