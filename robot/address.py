"""Where a device is: a serial port, a pyserial URL, or one or several ports of a host on the network."""

import re

USB = "usb:"
"""Before the serial number of a USB adapter: it is found by that, whatever name it has today."""
NETWORK_ADDRESS = re.compile(r"(?P<host>[^\s:/\\]+)(?::(?P<ports>\d+(?:,\d+)*))?")
"""`host` or `host:port[,port...]`."""


def is_network_address(text: str) -> bool:
    """Does this name a port on a host, rather than a serial port or a pyserial URL?

    >>> [is_network_address(text) for text in ("10.0.0.7:10100", "/dev/ttyUSB0", "usb:A50285BI", "rfc2217://pi:4000")]
    [True, False, False, False]
    """
    match = NETWORK_ADDRESS.fullmatch(text)
    return not text.startswith(USB) and match is not None and match["ports"] is not None
