"""Whatever is done to a journal afterwards is found, and the first bad line is named."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware_sim.clock import VirtualClock
from planning.journal import Break, End, Journal, Place
from planning.journal.chain import GENESIS, Columns, first_break, link
from planning.journal.verify import verify

Lines = list[tuple[Columns, str]]

texts = st.lists(st.text(max_size=8), min_size=1, max_size=12, unique=True)


def chained(words: list[str]) -> tuple[Lines, End]:
    """A chain with one word in each line."""
    lines: Lines = []
    before = GENESIS
    for seq, word in enumerate(words, start=1):
        before = link(before, (seq, word))
        lines.append(((seq, word), before))
    return lines, End(len(lines), before)


@given(texts)
def test_a_chain_that_nobody_touched_holds(words: list[str]) -> None:
    lines, end = chained(words)

    assert first_break(lines, end) is None


@given(texts, st.data())
def test_an_edited_line_is_found_and_named(words: list[str], data: st.DataObject) -> None:
    lines, end = chained(words)
    at = data.draw(st.integers(0, len(lines) - 1))
    other = data.draw(st.text().filter(lambda word: word != words[at]))

    lines[at] = ((at + 1, other), lines[at][1])

    assert first_break(lines, end) == Break(at + 1, "edited")


@given(texts, st.data())
def test_an_edited_hash_is_found_and_named(words: list[str], data: st.DataObject) -> None:
    lines, end = chained(words)
    at = data.draw(st.integers(0, len(lines) - 1))

    lines[at] = (lines[at][0], link(lines[at][1], ()))

    assert first_break(lines, end) == Break(at + 1, "edited")


@given(texts, st.data())
def test_a_line_that_was_taken_out_is_found_and_named(words: list[str], data: st.DataObject) -> None:
    lines, end = chained(words)
    at = data.draw(st.integers(0, len(lines) - 1))

    del lines[at]

    assert first_break(lines, end) == Break(at + 1, "missing")


@given(texts, st.data())
def test_a_line_that_was_taken_out_is_found_though_the_rest_was_numbered_anew(
    words: list[str], data: st.DataObject
) -> None:
    lines, end = chained(words)
    at = data.draw(st.integers(0, len(lines) - 1))

    del lines[at]
    lines = [((seq, *columns[1:]), hashed) for seq, (columns, hashed) in enumerate(lines, start=1)]

    found = first_break(lines, end)
    assert found is not None
    assert found.seq == at + 1


@given(texts.filter(lambda words: len(words) > 1), st.data(), st.booleans())
def test_two_lines_that_changed_places_are_found_and_told_where(
    words: list[str], data: st.DataObject, with_hashes: bool
) -> None:
    lines, end = chained(words)
    first = data.draw(st.integers(0, len(lines) - 2))
    second = data.draw(st.integers(first + 1, len(lines) - 1))

    (one, one_hash), (two, two_hash) = lines[first], lines[second]
    lines[first] = ((first + 1, *two[1:]), two_hash if with_hashes else one_hash)
    lines[second] = ((second + 1, *one[1:]), one_hash if with_hashes else two_hash)

    assert first_break(lines, end) == Break(first + 1, f"re-ordered: what belongs here stands as {second + 1}")


@given(texts, st.text())
def test_a_line_that_was_added_after_the_end_is_found(words: list[str], word: str) -> None:
    lines, end = chained(words)
    added = (len(lines) + 1, word)

    lines.append((added, link(end.hash, added)))

    assert first_break(lines, end) == Break(len(words) + 1, "added after the end")


@given(texts)
def test_an_end_that_was_edited_is_found(words: list[str]) -> None:
    lines, end = chained(words)

    assert first_break(lines, End(end.seq, GENESIS)) == Break(len(words), "not what the journal says its end is")


# --- a journal with its files


@pytest.fixture
def written(tmp_path: Path) -> Place:
    """A small journal in SQLite, with a picture and telemetry."""
    with Journal(tmp_path / "journal.db", VirtualClock()) as journal:
        journal.write("run_started", files={})
        journal.write("look", sample="s001", picture=journal.keep(b"png", ".png"))
        for temperature_c in (20.0, 140.0):
            journal.note("furnace", "temperature_c", temperature_c)
        journal.write("run_finished")
    return Place(tmp_path)


def change(place: Place, statement: str) -> None:
    connection = sqlite3.connect(place.folder / "journal.db")
    connection.execute(statement)
    connection.commit()
    connection.close()


def found(place: Place, passed: End | None = None) -> list[tuple[str, str]]:
    return [(Path(finding.where).name, finding.what) for finding in verify(place, passed).findings]


def test_what_nobody_touched_is_whole(written: Place) -> None:
    verification = verify(written)

    assert verification.findings == ()
    assert (verification.events, verification.readings, verification.files) == (3, 2, 1)
    assert verification.has_farewell


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("update events set data = replace(data, 'picture', 'painting') where seq = 2", ("event 2", "edited")),
        ("update events set time_s = 1 where seq = 3", ("event 3", "edited")),
        ("delete from events where seq = 1", ("event 1", "missing")),
        ("delete from events where seq = 3", ("event 3", "missing")),
        ("update readings set value = 139.9 where seq = 2", ("reading 2", "edited")),
        ("delete from readings", ("reading 1", "missing, with all up to 2")),
        ("update runs set events_hash = 'none'", ("event 3", "not what the journal says its end is")),
    ],
)
def test_what_was_done_to_the_file_is_named(written: Place, statement: str, finding: tuple[str, str]) -> None:
    change(written, statement)

    assert finding in found(written)


def test_a_picture_that_was_painted_over_is_found(written: Place) -> None:
    picture = next((written.folder / "pictures").iterdir())
    picture.write_bytes(b"another")

    assert found(written) == [(picture.name, "edited")]


def test_a_picture_that_is_gone_is_found(written: Place) -> None:
    picture = next((written.folder / "pictures").iterdir())
    picture.unlink()

    assert found(written) == [(picture.name, "missing")]


def test_a_diffraction_pattern_that_was_edited_is_found(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.db", VirtualClock()) as journal:
        name = journal.keep(b"10.0 40\n", ".xy")
        journal.write("diffracted", pattern=name)
    (tmp_path / "patterns" / name).write_text("10.0 41\n")

    assert found(Place(tmp_path)) == [(name, "edited")]


def test_a_copy_of_the_recipe_that_was_changed_after_the_start_is_found(tmp_path: Path) -> None:
    (tmp_path / "protocol.yaml").write_text("steps: [other]", encoding="utf-8")
    with Journal(tmp_path / "journal.db", VirtualClock()) as journal:
        journal.write("run_started", files={"protocol.yaml": "0" * 64})

    assert found(Place(tmp_path)) == [("protocol.yaml", "edited")]


def test_a_torn_file_is_told_apart_from_an_edited_one(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.db", VirtualClock()) as journal:
        for _ in range(2000):
            journal.note("furnace", "temperature_c", 20.0)
    whole = (tmp_path / "journal.db").read_bytes()
    (tmp_path / "journal.db").write_bytes(whole[:60_000] + bytes(len(whole) - 60_000))

    findings = found(Place(tmp_path))

    assert any(what.startswith("torn: the file itself is damaged") for _, what in findings)
    assert not any("edited" in what for _, what in findings)


def test_an_engine_that_was_killed_leaves_a_whole_journal_without_a_farewell(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.db", VirtualClock()) as journal:
        journal.write("intent", durable=True)

    verification = verify(Place(tmp_path))

    assert verification.findings == ()
    assert not verification.has_farewell


def test_a_history_that_was_written_anew_is_found_by_a_hash_that_was_noted(tmp_path: Path) -> None:
    ends = []
    for name in ("true", "forged"):
        (tmp_path / name).mkdir()
        with Journal(tmp_path / name / "journal.db", VirtualClock()) as journal:
            journal.write("measured", value=1.0 if name == "true" else 2.0)
            ends.append(journal.ends[0])

    assert found(Place(tmp_path / "forged")) == []
    assert found(Place(tmp_path / "forged"), passed=ends[0]) == [
        ("event 1", "another than the one whose hash was noted")
    ]
