"""Both readers of docs/protocols/numbered_lines.md: what one writes the other reads, and what was damaged neither does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware_sim.emulators.numbered_lines import NumberedLines, Refused
from robot.drivers.numbered_lines import decode, encode, reply_to

numbers = st.integers(1, 999)
words = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="*"), min_size=1, max_size=12)
sentences = st.lists(words, min_size=1, max_size=8)
OTHERS = b"8 OK 4*0000\r\n"


def echo(word: str, parameters: list[str]) -> str:
    return " ".join([word, *parameters])


def refuse(word: str, parameters: list[str]) -> str:
    raise Refused(len(parameters))


@given(numbers, sentences)
def test_what_one_side_writes_the_other_reads(number: int, sentence: list[str]) -> None:
    answer = decode(NumberedLines(echo).receive(encode(number, *sentence)))

    assert (answer.number, answer.words, answer.error) == (number, tuple(sentence), None)


@given(numbers, sentences)
def test_a_refusal_comes_with_its_code(number: int, sentence: list[str]) -> None:
    answer = decode(NumberedLines(refuse).receive(encode(number, *sentence)))

    assert (answer.number, answer.error) == (number, len(sentence) - 1)


@given(numbers, sentences, st.data())
def test_a_line_with_one_wrong_bit_is_neither_answered_nor_read(
    number: int, sentence: list[str], data: st.DataObject
) -> None:
    line = bytearray(encode(number, "OK", *sentence))
    line[data.draw(st.integers(0, len(line) - 3))] ^= 1 << data.draw(st.integers(0, 7))

    assert NumberedLines(echo).receive(bytes(line)) == b""
    assert reply_to(encode(number, "STATE"))(bytes(line)) is None
    with pytest.raises(ValueError):
        decode(bytes(line))


@given(numbers, sentences, st.integers(1, 20))
def test_a_request_in_pieces_is_understood(number: int, sentence: list[str], size: int) -> None:
    request, lines = encode(number, *sentence), NumberedLines(echo)
    pieces = [request[start : start + size] for start in range(0, len(request), size)]

    assert b"".join(map(lines.receive, pieces)) == NumberedLines(echo).receive(request)


@given(numbers, sentences, st.binary(max_size=30))
def test_a_reply_is_found_behind_noise_and_behind_answers_to_others(
    number: int, sentence: list[str], noise: bytes
) -> None:
    reply = NumberedLines(echo).receive(encode(number, *sentence))
    other = NumberedLines(echo).receive(encode(number % 999 + 1, *sentence))

    assert reply_to(encode(number, "STATE"))(noise + b"\n" + other + OTHERS + reply) == reply
