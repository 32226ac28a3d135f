"""How the sandbox speaks HTTP: parameters, pages, tokens, the throttle, faults, and the server itself."""
