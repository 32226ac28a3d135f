"""A local Canvas that can be trusted: a real HTTP server with believable courses and faults on request."""
