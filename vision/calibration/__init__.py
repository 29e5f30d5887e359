"""Where a camera stands and how it bends what it sees: boards to print, calibrations on file, sites in pictures."""
