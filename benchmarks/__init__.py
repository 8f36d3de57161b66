"""The benchmarks: each prints its figures next to a reference."""
