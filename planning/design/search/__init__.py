"""Strategies besides the model's own: each looks at a `Situation` and returns one row and the reason for it."""
