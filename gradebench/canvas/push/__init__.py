"""What an instructor wants minus what Canvas has: planned, reviewed, applied, verified, undone."""
