"""Canvas's REST API: knows nothing of Django, nor of what GradeBench does with it."""
