"""Builds a running bot from its configuration."""
