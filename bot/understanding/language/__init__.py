"""Language detection, language tags, and text normalisation."""
