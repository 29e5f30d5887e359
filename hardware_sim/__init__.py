"""The simulated laboratory: emulators on the far side of the wires, one physical world behind them all."""
