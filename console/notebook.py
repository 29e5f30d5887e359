"""A bench in a notebook: devices by name, protocols run one after the other, real or simulated from the same file."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.checking import preflight
from console.compose import conduct_on
from console.engine import Claim, claimed, this_bench, this_run
from console.far_side import Far, far_side
from console.runfolder import RunFolder, Setup, fresh_path
from console.unwatched import Unwatched
from planning.campaign import Fixed
from planning.errors import Refused
from planning.executor import Request
from planning.inventory import Inventory
from planning.protocol.document import Protocol
from robot.config import LabConfig
from robot.interfaces import Device


@dataclass(frozen=True)
class Run:
    """One sample that was made, with where its record lies."""

    folder: Path
    status: str
    why: str
    results: Mapping[str, Any]

    def report(self) -> Path:
        """Write the run's page; return where it lies."""
        from console.report import write_report

        return write_report(self.folder)


class OpenBench:
    """A bench whose lines are open. What one run uses up is gone for the next."""

    def __init__(self, far: Far, lab: LabConfig, folder: Path, claim: Claim) -> None:
        self.devices: Mapping[str, Device] = far.fleet.devices
        self._far = far
        self._lab = lab
        self._folder = folder
        self._claim = claim
        self._inventory = Inventory(lab)
        self._runs = 0

    def run(self, protocol: Protocol, **values: Any) -> Run:
        """Check and make one sample with these parameters.

        Raises:
            Refused: it does not pass the check; nothing moved. The message holds every finding.
        """
        check = preflight(self._lab, protocol, [values])
        if not check.passed:
            found = "; ".join(f"{finding.step}: {finding.what}" for finding in check.findings)
            raise Refused(f"{protocol.protocol} does not pass its check: {found}", check.findings[0].remedy)
        self._runs += 1
        folder = RunFolder(self._folder / f"run-{self._runs:02d}")
        folder.path.mkdir()
        folder.lab.write_bytes((self._folder / "lab.yaml").read_bytes())
        folder.protocol.write_text(protocol.to_yaml(), encoding="utf-8")
        folder.write_setup(self._far.setup)
        source = Fixed([Request(values)], in_flight=1, batch=1)
        with claimed(this_run(folder, self._far.setup), print) as run_claim:
            run_claim.leases.extend(self._claim.leases)
            run = conduct_on(self._far, folder, source, self._inventory, Unwatched(), run_claim)
        if not run.executor.samples:
            raise Refused(run.executor.stopped_because, "Look at the bench")
        sample = next(iter(run.executor.samples.values()))
        return Run(folder.path, sample.status, sample.why or run.executor.stopped_because, sample.results)


@contextmanager
def open_bench(lab: str | Path, *, simulated: bool = True, seed: int = 0, vision: bool = True) -> Iterator[OpenBench]:
    """Open a bench: `with open_bench("lab.yaml", simulated=True, seed=7) as bench:`.

    Every device is asked who it is before anything else; leaving makes all of them safe.

    Raises:
        FileProblem: the lab file is wrong.
        NotReachable: a device is absent or not what it should be.
    """
    config = LabConfig.load(Path(lab))
    folder = RunFolder(fresh_path(f"{config.bench}-notebook"))
    folder.path.mkdir(parents=True)
    folder.lab.write_bytes(Path(lab).read_bytes())
    setup = Setup("loopback" if simulated else "real", seed, vision=vision)
    with claimed(this_bench(config, setup), print) as claim, far_side(folder, config, setup, None) as far:
        far.fleet.connect_all()
        try:
            yield OpenBench(far, config, folder.path, claim)
        finally:
            far.fleet.make_all_safe()
