"""The schema of config.yaml and the types of its values."""
