"""What the pages' templates are written with."""
