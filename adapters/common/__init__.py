"""What adapters of several platforms share: Markdown and waiting."""
