"""How arms move: what a move takes, before anything moves."""
