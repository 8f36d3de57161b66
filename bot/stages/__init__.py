"""What is decided about a message: one file a stage."""
