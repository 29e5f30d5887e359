"""Physics that the emulators share: mass, volume, heat, place and time are conserved."""
