"""Who does what when: problems, plans, the dispatcher that carries them out, and ways to find good ones."""
