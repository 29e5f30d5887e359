"""Protocols are uploaded, checked and begun; what is sent cannot reach anything else."""

import json
from pathlib import Path
from typing import Any

import pytest

from console.service.launching import Start
from console.service.library import MOST_BYTES, tidy_name
from console.service.service import Service
from planning.errors import Refused

from .conftest import OWNER, Serve

API = "/api/v1"
FILMS = {"file": "film_bench/protocol.yaml", "lab": "film_bench/lab.yaml"}


def test_files_are_listed_with_what_they_are(service: Service) -> None:
    kinds = {file.name: file.kind for file in service.library.listing()}

    assert kinds["film_bench/lab.yaml"] == "lab"
    assert kinds["film_bench/protocol.yaml"] == "protocol"
    assert kinds["film_bench/campaign.yaml"] == "campaign"
    assert "film_bench/bad_week.yaml" not in kinds


def test_a_protocol_is_uploaded_under_a_tidy_name_and_checked(serve: Serve, film_bench: Path, runs: Path) -> None:
    client = serve().client()
    recipe = (film_bench / "protocol.yaml").read_bytes()

    kept = client.put(f"{API}/uploads/..%5C..%5CMy recipe (2).yml", content=recipe)
    checked = client.post(f"{API}/check", json={"file": kept.json()["name"], "lab": "film_bench/lab.yaml"}).json()

    assert (kept.status_code, kept.json()["name"]) == (201, "uploads/My-recipe-2.yaml")
    assert [path.name for path in (runs / ".dashboard" / "uploads").iterdir()] == ["My-recipe-2.yaml"]
    assert checked["passed"]
    assert checked["sentences"][0].startswith("  1  dose")
    assert checked["timetable"]


def test_findings_name_the_file_and_the_line_but_no_folder(serve: Serve, film_bench: Path, tmp_path: Path) -> None:
    client = serve().client()
    recipe = (film_bench / "protocol.yaml").read_text().replace("volume_ul: 2000", "volume_ul: 99000")
    client.put(f"{API}/uploads/big.yaml", content=recipe)

    checked = client.post(f"{API}/check", json={"file": "uploads/big.yaml", "lab": "film_bench/lab.yaml"})

    (finding, *_) = checked.json()["findings"]
    assert not checked.json()["passed"]
    assert (finding["file"], finding["line"]) == ("big.yaml", 11)
    assert str(tmp_path) not in checked.text


BOMBS = {
    "aliases": "protocol: &a [x]\nsteps: [*a, *a]\n",
    "deep": "protocol: " + "[" * 5000 + "]" * 5000 + "\nsteps: []\n",
    "object": "protocol: !!python/object/apply:os.system ['true']\nsteps: []\n",
    "no yaml": "protocol: [\n",
    "no text": b"\xff\xfe\x00protocol",
    "no mapping": "- a\n",
    "a bench": "bench: x\ndevices: {}\n",
    "other files": "protocol: x\nsteps: []\nrecovery: ../../../etc/passwd\n",
    "absolute": "protocol: x\nsteps: []\nprotocols: {a: /etc/passwd}\n",
    "too large": "protocol: x\nsteps: []\n#" + "x" * MOST_BYTES,
}


@pytest.mark.parametrize("bomb", list(BOMBS))
def test_what_is_no_protocol_is_refused_and_not_kept(serve: Serve, runs: Path, bomb: str) -> None:
    content = BOMBS[bomb]

    answer = serve().client().put(f"{API}/uploads/x.yaml", content=content)

    assert answer.status_code in (409, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "root:" not in answer.text
    assert list((runs / ".dashboard" / "uploads").glob("*")) == []


def test_a_body_that_is_too_large_is_not_read(serve: Serve) -> None:
    assert serve().client().put(f"{API}/uploads/x.yaml", content=b"x" * 3_000_000).status_code == 413


@pytest.mark.parametrize("name", ["", ".yaml", "x.sh", "...", "x.yaml.exe", "/", "\\.yaml"])
def test_a_name_of_which_nothing_is_left_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        tidy_name(name)


@pytest.mark.parametrize("name", ["../lab.yaml", "/etc/passwd", "film_bench/../film_bench/lab.yaml", "nothing"])
def test_only_files_that_are_listed_can_be_named(serve: Serve, name: str) -> None:
    client = serve().client()

    assert client.get(f"{API}/file", params={"name": name}).status_code == 404
    assert client.post(f"{API}/check", json={"file": name}).status_code == 404


def test_names_that_hold_a_script_stay_text(serve: Serve) -> None:
    client = serve().client()
    client.put(f"{API}/uploads/x.yaml", content="protocol: <script>alert(1)</script>\nsteps: []\n")

    answer = client.get(f"{API}/files")

    assert "<script>alert(1)</script>" in [file["title"] for file in answer.json()]
    assert answer.headers["content-type"] == "application/json"


def test_a_dry_run_is_begun_as_a_process_of_its_own(
    service: Service, spawned: list[list[str]], film_bench: Path
) -> None:
    wanted = Start.model_validate(
        {**FILMS, "samples": 2, "values": {"blend": {"p3ht": 0.4}, "anneal_c": 150}, "seed": 3}
    )

    started = service.start(wanted, OWNER)

    (words,) = spawned
    assert words[:2] == ["dry-run", str(film_bench / "protocol.yaml")]
    assert "--set=blend.p3ht=0.4" in words
    assert words[-2:] == ["--out", str(service.runs.root / started.run)]


def test_real_devices_move_only_when_somebody_has_looked(service: Service, spawned: list[list[str]]) -> None:
    with pytest.raises(Refused, match="real devices would move"):
        service.start(Start.model_validate({**FILMS, "mode": "real"}), OWNER)
    service.start(Start.model_validate({**FILMS, "mode": "real", "bench_is_clear": True}), OWNER)

    (words,) = spawned
    assert [word for word in words if word in ("--real", "--yes")] == ["--real", "--yes"]


@pytest.mark.parametrize("field", [
    {"faults": "/etc/passwd"}, {"faults": "../x.yaml"}, {"name": "../x"}, {"values": {"--real": 1}}, {"values": {"a b": 1}},
    {"values": {"a": "x --real"}}, {"values": {"a": "nan"}, "samples": 0}, {"seed": -1}, {"answers": {"a": "$(true)"}},
    {"mode": "pty"}, {"speed": 0}, {"unknown": 1},
])  # fmt: skip
def test_words_that_do_not_belong_into_a_command_are_refused(
    serve: Serve, spawned: list[list[str]], field: dict[str, Any]
) -> None:
    answer = serve().client().post(f"{API}/runs", json={**FILMS, **field})

    assert (answer.status_code, spawned) == (422, [])


def test_starts_stand_in_the_audit(serve: Serve, spawned: list[list[str]], tmp_path: Path) -> None:
    served = serve()
    served.service.audit = served.door.audit
    served.client().post(f"{API}/runs", json=FILMS)

    (line,) = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]

    assert (line["what"], line["mode"], line["file"]) == ("start", "rehearsal", FILMS["file"])
