"""`athanor journal` and `athanor resume`: what a person reads, checks and hands on of a run."""

import csv
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.__main__ import main
from console.compose import conduct
from console.engine import claimed, conductor, stop, this_bench, this_run
from console.journal_view import folded
from console.runfolder import RunFolder, Setup
from console.unwatched import Unwatched
from planning.errors import Refused
from planning.journal import Event, Journal
from planning.journal.chain import GENESIS, link
from planning.owner import Owner
from robot.config import LabConfig

FILM_BENCH = Path(__file__).parents[2] / "examples" / "film_bench"
BLEND: dict[str, object] = {"blend": {"p3ht": 0.5, "l_swnt": 0.5}}


def fresh(path: Path, **setup: Any) -> RunFolder:
    folder = RunFolder.create(path, FILM_BENCH / "lab.yaml", FILM_BENCH / "protocol.yaml", None)
    folder.write_setup(Setup(seed=7, vision=False, samples=[BLEND], **setup))
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run of one film; to be read only."""
    folder = fresh(tmp_path_factory.mktemp("runs") / "film-01")
    conduct(folder, folder.setup, Unwatched())
    return folder


Athanor = Callable[..., tuple[int, str, str]]


@pytest.fixture
def athanor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Athanor:
    """Run a command line; return its exit code and what it said."""

    def run(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["athanor", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def test_a_run_is_shown_one_line_a_command(athanor: Athanor, made: RunFolder) -> None:
    code, out, _ = athanor("journal", "show", made.path)

    assert code == 0
    grips = [line for line in out.splitlines() if "start_grip(closed=yes), took 1.0 s" in line]
    assert len(grips) == len({line.split()[1] for line in grips}) > 0
    assert " accepted " not in out


def test_one_samples_events_are_shown_though_tasks_name_it_only_once(athanor: Athanor, made: RunFolder) -> None:
    _, out, _ = athanor("journal", "show", made.path, "--sample", "s001", "--kind", "intent", "--json")

    tasks = {json.loads(line)["task"] for line in out.splitlines()}
    assert any("heat" in task for task in tasks)
    assert not any(task.startswith("prepare") for task in tasks)


def test_kinds_that_are_not_there_are_refused_with_those_that_are(athanor: Athanor, made: RunFolder) -> None:
    code, _, err = athanor("journal", "show", made.path, "--kind", "mishap")

    assert code == 1
    assert "made_safe" in err


def test_following_a_run_that_nobody_conducts_ends_at_once(athanor: Athanor, made: RunFolder) -> None:
    code, out, _ = athanor("journal", "show", made.path, "--follow", "--kind", "run_finished")

    assert code == 0
    assert "all samples have ended" in out


def test_a_command_without_an_outcome_is_shown_last() -> None:
    intent = Event(1, 0.0, "intent", "", "s001.dose.dose", "pipette", {"command": 1, "verb": "go", "arguments": {}})
    safe = Event(2, 1.0, "made_safe", "", "", "", {})

    assert list(folded([intent, safe])) == [safe, intent]


def test_what_nobody_touched_is_verified(athanor: Athanor, made: RunFolder) -> None:
    code, out, _ = athanor("journal", "verify", made.path)

    assert code == 0
    assert "are as they were written" in out


def test_what_was_edited_is_named_and_fails(athanor: Athanor, tmp_path: Path) -> None:
    folder = fresh(tmp_path / "run")
    conduct(folder, folder.setup, Unwatched())
    with sqlite3.connect(folder.journal) as database:
        database.execute("update events set data = replace(data, 'ticket', 'Ticket') where seq = 17")
    database.close()

    code, out, _ = athanor("journal", "verify", folder.path)

    assert code == 1
    assert "✗ event 17: edited" in out


def test_an_end_that_was_noted_is_found_again(athanor: Athanor, made: RunFolder) -> None:
    _, out, _ = athanor("journal", "verify", made.path)
    end = out.split("ends at ")[1].split()[0]

    assert athanor("journal", "verify", made.path, "--passed", end)[0] == 0
    assert athanor("journal", "verify", made.path, "--passed", f"{end.split(':')[0]}:{'0' * 64}")[0] == 1


@pytest.mark.parametrize("command", [["journal", "show"], ["journal", "verify"], ["resume"]])
def test_what_is_no_folder_of_a_run_is_refused(command: list[str], athanor: Athanor, tmp_path: Path) -> None:
    code, _, err = athanor(*command, tmp_path)

    assert code == 1
    assert str(tmp_path) in err


def test_a_server_that_does_not_answer_is_told_before_anything_is_made(athanor: Athanor, tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    code, _, err = athanor(
        "run", FILM_BENCH / "protocol.yaml", "--lab", FILM_BENCH / "lab.yaml", "--set", "blend.p3ht=0.5", "--set",
        "blend.l_swnt=0.5", "--out", tmp_path / "run", "--journal", f"postgresql://keeper@/journals?host={tmp_path}",
    )  # fmt: skip

    assert code == 1
    assert "no PostgreSQL server answers" in err
    assert not (tmp_path / "run").exists()


# --- handing on


@pytest.fixture(scope="module")
def crate(made: RunFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from console.export import export_run

    target = tmp_path_factory.mktemp("crate")
    export_run(made.path, target, crate=True)
    return target


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_exported_journal_can_be_verified_from_its_table_alone(crate: Path, made: RunFolder) -> None:
    before = GENESIS
    for row in table(crate / "events.csv"):
        columns = (
            int(row["seq"]),
            float(row["time_s"]),
            *(row[n] for n in ("kind", "sample", "task", "device", "data")),
        )
        before = link(before, columns)
        assert before == row["hash"]

    with Journal.reading(made.place) as journal:
        assert journal.ends[0].hash == before


def test_samples_and_results_are_tables_with_a_line_each(crate: Path) -> None:
    (sample,), (result,) = table(crate / "samples.csv"), table(crate / "results.csv")

    assert (sample["sample"], sample["status"], sample["blend.p3ht"]) == ("s001", "finished", "0.5")
    assert result["quantity"] == "conductivity_s_per_cm"
    assert sample[result["quantity"]] == result["value"]


def test_the_crate_names_every_file_and_every_reference_leads_somewhere(crate: Path) -> None:
    graph = json.loads((crate / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
    entities = {entity["@id"]: entity for entity in graph}

    files = {str(path.relative_to(crate)) for path in crate.rglob("*") if path.is_file()} - {"ro-crate-metadata.json"}
    assert {name for name, entity in entities.items() if entity["@type"] == "File"} == files
    references = {value["@id"] for entity in graph for values in entity.values()
                  for value in (values if isinstance(values, list) else [values]) if isinstance(value, dict)}  # fmt: skip
    assert {name for name in references if not name.startswith("http")} <= entities.keys()
    assert entities["#s001"]["wasGeneratedBy"] == {"@id": "#making-s001"}
    assert {"@id": "#s001"} in entities["#run"]["result"]


def test_an_independent_reader_understands_the_crate(crate: Path) -> None:
    reader = pytest.importorskip("rocrate.rocrate", reason="the package rocrate is not installed")

    read = reader.ROCrate(crate)

    assert read.dereference("#run").type == "CreateAction"


def test_an_export_overwrites_nothing(made: RunFolder, tmp_path: Path, athanor: Athanor) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")

    code, _, err = athanor("journal", "export", made.path, "--to", tmp_path)

    assert code == 1
    assert "is not empty" in err


# --- one engine


def test_a_second_engine_of_a_run_is_refused_with_the_owners_name(tmp_path: Path) -> None:
    folder = fresh(tmp_path / "film-01")
    with (
        claimed(this_run(folder, folder.setup), print),
        pytest.raises(Refused, match=r"film-01 is being conducted by process \d+ on "),
    ):
        conduct(folder, folder.setup, Unwatched())


def test_two_runs_on_one_real_bench_are_refused_and_on_simulated_ones_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lab: LabConfig
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with claimed(this_bench(lab, Setup("real")), print):
        with pytest.raises(Refused, match="bench film-bench is being conducted by process"):
            claimed(this_bench(lab, Setup("real")), print).__enter__()
        with claimed(this_bench(lab, Setup("loopback")), print) as claim:
            assert claim.leases == []


def test_an_engine_that_was_killed_conducts_nothing_any_more(tmp_path: Path) -> None:
    folder = fresh(tmp_path / "run")
    code = ("import os, sys; from pathlib import Path; from console.engine import claimed, this_run\n"
            "from console.runfolder import RunFolder; folder = RunFolder(Path(sys.argv[1]))\n"
            "with claimed(this_run(folder, folder.setup), print): os._exit(9)")  # fmt: skip
    subprocess.run([sys.executable, "-c", code, str(folder.path)], check=False)

    assert conductor(folder.path) is None
    with claimed(this_run(folder, folder.setup), print):
        assert conductor(folder.path) is not None


def test_the_page_on_the_journal_verifies_an_export_without_athanor(crate: Path, made: RunFolder) -> None:
    page = (Path(__file__).parents[2] / "docs" / "journal.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    exec(page.split("```python\n")[1].split("```")[0], names)

    with Journal.reading(made.place) as journal:
        assert names["verify"](crate / "events.csv") == journal.ends[0].hash


def test_a_run_that_nobody_conducts_cannot_be_stopped(athanor: Athanor, made: RunFolder) -> None:
    code, _, err = athanor("stop", made.path)

    assert code == 1
    assert "nobody conducts" in err


def test_an_engine_that_ends_by_itself_before_it_can_be_told_is_stopped_all_the_same(tmp_path: Path) -> None:
    folder = fresh(tmp_path / "run")
    code = ("import sys; from pathlib import Path; from console.engine import claimed, this_run\n"
            "from console.runfolder import RunFolder; folder = RunFolder(Path(sys.argv[1]))\n"
            "with claimed(this_run(folder, folder.setup), print): print(flush=True); input()")  # fmt: skip
    engine = subprocess.Popen(
        [sys.executable, "-c", code, str(folder.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert engine.stdout is not None
    engine.stdout.readline()

    assert stop(folder.path, first=lambda: engine.communicate("\n")) == engine.pid
    assert engine.returncode == 0


def test_a_run_that_another_host_conducts_is_to_be_stopped_there(athanor: Athanor, tmp_path: Path) -> None:
    folder = fresh(tmp_path / "run")
    leases = this_run(folder, folder.setup)[0].open()
    leases.take("run run", Owner("other-host", "another kernel", 1, "1", "midnight"))
    leases.close()

    code, _, err = athanor("stop", folder.path)

    assert code == 1
    assert "Stop it on other-host" in err
