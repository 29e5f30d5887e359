"""What is in the vessel: states read from masks."""
