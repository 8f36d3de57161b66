"""A Slack of our own: Web API and Socket Mode on a loopback port, with faults on demand."""

from tests.servers.slack.faults import Fault
from tests.servers.slack.server import SlackServer
from tests.servers.slack.workspace import Post, Workspace

__all__ = ["Fault", "Post", "SlackServer", "Workspace"]
