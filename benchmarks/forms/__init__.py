"""How well slots are filled: python -m benchmarks.forms --data DIR."""
