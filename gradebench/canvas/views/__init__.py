"""The pages, and the endpoints for programs. Each loads with its owner's permission, acts, answers."""
