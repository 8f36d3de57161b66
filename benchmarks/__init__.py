"""The benchmarks: each prints its figures beside what they are measured against."""
