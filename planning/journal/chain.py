"""Lines of a journal as bytes, and the hash that chains each to the one before. Pure: nothing here reads or writes.

A line's bytes are its columns in the order of the table, `run` and `hash` left out, as a JSON array without blanks, in
UTF-8. Its hash is SHA-256 of the hash before it in hexadecimal digits, a line feed, and those bytes.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64
"""What stands before the first line."""

Columns = tuple[Any, ...]
"""A line's columns; the first is its number, counted from 1."""


@dataclass(frozen=True)
class End:
    """The last line of a chain: its number and hash."""

    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True)
class Break:
    """Where a chain first fails to hold, and what is wrong there."""

    seq: int
    what: str


def as_bytes(columns: Columns) -> bytes:
    """What is hashed of one line.

    >>> as_bytes((1, 0.5, "note", "s001", "", "arm", '{"fill": 0.62}')).decode()
    '[1,0.5,"note","s001","","arm","{\\\\"fill\\\\": 0.62}"]'
    """
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()


def link(before: str, columns: Columns) -> str:
    """Chain one line to the hash before it.

    >>> link(GENESIS, (1, 0.5))[:16]
    'b3de410d2cfe05f9'
    """
    return hashlib.sha256(before.encode() + b"\n" + as_bytes(columns)).hexdigest()


def first_break(lines: Sequence[tuple[Columns, str]], end: End) -> Break | None:
    """Where lines with their hashes, sorted by number, do not form the chain that ends in `end`; None if they do.

    >>> one, two = (1, "carry"), (2, "heat")
    >>> hashes = [link(GENESIS, one), link(link(GENESIS, one), two)]
    >>> first_break([(one, hashes[0]), ((2, "cool"), hashes[1])], End(2, hashes[1]))
    Break(seq=2, what='edited')
    """
    before = GENESIS
    for seq, (columns, hashed) in enumerate(lines, start=1):
        if seq > end.seq:
            return Break(columns[0], "added after the end")
        if columns[0] != seq or link(before, columns) != hashed:
            return Break(seq, _what_is_wrong(lines, seq, before))
        before = hashed
    if len(lines) < end.seq:
        missing = "missing" if len(lines) + 1 == end.seq else f"missing, with all up to {end.seq}"
        return Break(len(lines) + 1, missing)
    return None if before == end.hash else Break(end.seq, "not what the journal says its end is")


def _what_is_wrong(lines: Sequence[tuple[Columns, str]], seq: int, before: str) -> str:
    """Name the harm at the first line that does not fit: find where the line that belongs here went."""
    here, hashed = lines[seq - 1]
    for columns, its_hash in lines:
        fits = link(before, (seq, *columns[1:]))
        if columns[0] != seq and fits in (its_hash, hashed):
            return f"re-ordered: what belongs here stands as {columns[0]}"
    if here[0] < seq:
        return f"added as {here[0]}"
    if here[0] == seq:
        return "edited"
    return "missing" if here[0] == seq + 1 else f"missing, with all up to {here[0] - 1}"
