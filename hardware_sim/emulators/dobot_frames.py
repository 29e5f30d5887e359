"""Frames of the Dobot Magician as it reads and writes them: head, length, payload, sum."""

HEAD = b"\xaa\xaa"
LONGEST_PAYLOAD = 66


def payloads_in(received: bytes) -> tuple[list[bytes], bytes]:
    r"""Take whole payloads out of what has come, without their sums; return them with what may become another.

    >>> payloads_in(b"noise" + framed(b"\x0a\x00") + b"\xaa\xaa\x02")
    ([b'\n\x00'], b'\xaa\xaa\x02')
    """
    payloads = []
    at = received.find(HEAD)
    while at >= 0:
        end = at + 4 + received[at + 2] if len(received) > at + 2 else len(received) + 1
        payload = received[at + 3 : end]
        if 3 <= len(payload) <= LONGEST_PAYLOAD and end <= len(received) and sum(payload) & 0xFF == 0:
            received, at = received[end:], -1
            payloads.append(payload[:-1])
        at = received.find(HEAD, at + 1)
    return payloads, received[-LONGEST_PAYLOAD:]


def framed(payload: bytes) -> bytes:
    r"""Add head, length and sum.

    >>> framed(b"\x0a\x00").hex(" ")
    'aa aa 02 0a 00 f6'
    """
    return HEAD + bytes((len(payload),)) + payload + bytes((-sum(payload) & 0xFF,))
