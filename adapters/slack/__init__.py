"""Slack: its events in, replies out, over Socket Mode."""

from adapters.slack.plugin import plugin

__all__ = ["plugin"]
