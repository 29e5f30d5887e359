"""Who may do what: accounts, sessions, tokens, and what guards every request."""
