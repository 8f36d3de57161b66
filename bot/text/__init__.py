"""Plain text of any language: shortening, sentences, invisible characters, credentials."""
