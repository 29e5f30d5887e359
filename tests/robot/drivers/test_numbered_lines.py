"""Both readers of docs/protocols/numbered_lines.md: what one writes the other reads, and what was damaged neither does."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware_sim.emulators.numbered_lines import BAD_PARAMETER, UNKNOWN_COMMAND, NumberedLines, Refused
from robot.drivers.numbered_lines import decode, encode, reply_to
from robot.wire.transcript import read_transcript

ROOT = Path(__file__).parents[3]
numbers = st.integers(1, 999)
words = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="*"), min_size=1, max_size=12)
figures = st.lists(st.integers(0, 10**9), max_size=7)
OTHERS = b"8 OK 4*0000\r\n"


def echoing(word: str, figures: list[int]) -> NumberedLines:
    """A device that understands one command, and says it again."""
    return NumberedLines({word: (len(figures), lambda *said: " ".join([word, *map(str, said)]))})


def words_of(word: str, figures: list[int]) -> list[str]:
    return [word, *map(str, figures)]


@given(numbers, words, figures)
def test_what_one_side_writes_the_other_reads(number: int, word: str, figures: list[int]) -> None:
    sentence = words_of(word, figures)

    answer = decode(echoing(word, figures).receive(encode(number, *sentence)))

    assert (answer.number, answer.words, answer.error) == (number, tuple(sentence), None)


@given(numbers, words, figures)
def test_a_refusal_comes_with_its_code(number: int, word: str, figures: list[int]) -> None:
    def refuse(*figures: int) -> str:
        raise Refused(len(figures))

    answer = decode(NumberedLines({word: (len(figures), refuse)}).receive(encode(number, *words_of(word, figures))))

    assert (answer.number, answer.error) == (number, len(figures))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (("JUMP",), UNKNOWN_COMMAND),
        (("GO",), BAD_PARAMETER),
        (("GO", "-1"), BAD_PARAMETER),
        (("GO", "1", "2"), BAD_PARAMETER),
    ],
)
def test_what_is_not_understood_is_refused_and_not_heard(said: tuple[str, ...], code: int) -> None:
    heard: list[None] = []
    lines = NumberedLines({"GO": (1, str)}, lambda: heard.append(None))

    answer = decode(lines.receive(encode(7, *said)))

    assert (answer.error, heard) == (code, [])


@given(numbers, figures, st.data())
def test_a_line_with_one_wrong_bit_is_neither_answered_nor_read(
    number: int, figures: list[int], data: st.DataObject
) -> None:
    line = bytearray(encode(number, *words_of("OK", figures)))
    line[data.draw(st.integers(0, len(line) - 3))] ^= 1 << data.draw(st.integers(0, 7))

    assert echoing("OK", figures).receive(bytes(line)) == b""
    assert reply_to(encode(number, "STATE"))(bytes(line)) is None
    with pytest.raises(ValueError):
        decode(bytes(line))


@given(numbers, words, figures, st.integers(1, 20))
def test_a_request_in_pieces_is_understood(number: int, word: str, figures: list[int], size: int) -> None:
    request, lines = encode(number, *words_of(word, figures)), echoing(word, figures)
    pieces = [request[start : start + size] for start in range(0, len(request), size)]

    assert b"".join(map(lines.receive, pieces)) == echoing(word, figures).receive(request)


@given(numbers, words, figures, st.binary(max_size=30))
def test_a_reply_is_found_behind_noise_and_behind_answers_to_others(
    number: int, word: str, figures: list[int], noise: bytes
) -> None:
    device, sentence = echoing(word, figures), words_of(word, figures)
    reply, other = (device.receive(encode(asked, *sentence)) for asked in (number, number % 999 + 1))

    assert reply_to(encode(number, "STATE"))(noise + b"\n" + other + OTHERS + reply) == reply


@pytest.mark.parametrize(
    ("model", "scene"),
    [
        ("powder_doser", "a dose, and its repetition after a lost answer"),
        ("powder_handler", "a shake, and its repetition after a lost answer"),
        ("vial_capper", "a capping, and its repetition after a lost answer"),
        ("powder_diffractometer", "a scan, and its repetition after a lost answer"),
    ],
)
def test_the_example_of_a_protocols_page_stands_in_its_transcript(model: str, scene: str) -> None:
    page = (ROOT / "docs" / "protocols" / f"{model}.md").read_text(encoding="utf-8")
    exchanges = read_transcript(ROOT / "tests" / "transcripts" / f"{model}.txt")[scene]

    example = re.findall(r"^([<>]) (.*)$", page, re.MULTILINE)

    said = [(way, line) for exchange in exchanges for way, line in ((">", exchange.sent), ("<", exchange.received))]
    assert example == [(way, line.decode().rstrip()) for way, line in said]
