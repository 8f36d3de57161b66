"""Messages accepted once and answered in order."""
