"""How emulators are reached: in process, by pseudo-terminal; and how the line misbehaves."""
