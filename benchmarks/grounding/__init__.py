"""Grounding benchmarks: replies of a faithful, a small, an adversarial and an obedient model."""
