"""The trained model that serves: classifier, head, neighbours, thresholds."""
