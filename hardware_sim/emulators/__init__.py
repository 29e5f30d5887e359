"""One emulator a device model: bytes in, bytes out, effects on the world."""
