"""Evaluation: metrics of a classifier, comparison of models, the report."""
