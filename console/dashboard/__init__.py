"""What people see in a browser: pages drawn from what a run's journal says, and nothing else."""
