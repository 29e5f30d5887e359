"""What an operator writes: steps, documents, expectations, and the check before anything moves."""
