"""The REST interface: views as JSON, actions as POST, one stream of events, errors as problem+json."""
