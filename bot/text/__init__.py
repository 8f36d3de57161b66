"""Plain text, whatever its language: cut, stripped of control characters, searched for credentials."""
