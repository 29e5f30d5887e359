r"""Lines of the dashboard server. Pure: nothing here opens, waits or logs.

`command\n` is answered by one line; on connection the server first says who it is.
Sources: UR "Dashboard server, port 29999"; `dashboard_client_implementation_g5.cpp` of the maker's client library.
"""

ASK_VERSION = b"PolyscopeVersion\n"
ASK_REMOTE = b"is in remote control\n"
ASK_RUNNING = b"running\n"
RELEASE_BRAKES = b"brake release\n"  # on the e-Series it switches the power on as well
STOP = b"stop\n"
UNLOCK = b"unlock protective stop\n"

BANNER = b"Connected: "
REFUSAL = "Failed to execute"
"""How the server begins a no; anything else that is no yes is no answer at all."""


def frame(received: bytes) -> bytes | None:
    r"""Find the first whole line that is not the banner.

    >>> frame(b"Connected: Universal Robots Dashboard Server\nStopped\n")
    b'Connected: Universal Robots Dashboard Server\nStopped\n'
    """
    end = 0
    for line in received.splitlines(keepends=True):
        end += len(line)
        if line.endswith(b"\n") and not line.startswith(BANNER):
            return received[:end]
    return None


def decode(reply: bytes) -> str:
    r"""Read the line that is the answer.

    >>> decode(b"Connected: Universal Robots Dashboard Server\nBrake releasing\n")
    'Brake releasing'
    """
    return reply.splitlines()[-1].decode("ascii").strip()


def decode_version(reply: bytes) -> str:
    r"""Read which PolyScope runs.

    >>> decode_version(b"URSoftware 5.11.1.108318 (Apr 01 2022)\n")
    '5.11.1.108318'

    Raises:
        ValueError: something else answers.
    """
    words = decode(reply).split()
    if len(words) < 2 or words[0] != "URSoftware":
        raise ValueError(f"no version of PolyScope: {reply!r}")
    return words[1]


def decode_truth(reply: bytes) -> bool:
    r"""Read the answer to a question.

    >>> decode_truth(b"Program running: false\n"), decode_truth(b"true\n")
    (False, True)

    Raises:
        ValueError: it ends in neither true nor false.
    """
    word = decode(reply).rpartition(" ")[2]
    if word not in ("true", "false"):
        raise ValueError(f"neither true nor false: {reply!r}")
    return word == "true"
