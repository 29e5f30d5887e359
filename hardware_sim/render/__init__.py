"""Pictures of the world, with exact masks."""
