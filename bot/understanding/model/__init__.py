"""The serving model: classifier, head, neighbours, calibration, thresholds, model registry."""
