"""What `make bench` measures, against what a user would pick instead; see docs/benchmarks.md."""
