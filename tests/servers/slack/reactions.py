"""Reactions of the bot to messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.servers.slack.blocks import Refused
from tests.servers.slack.workspace import Channel, Post, Workspace

Arguments = Mapping[str, Any]


class Reactions:
    """The methods `reactions.add` and `reactions.remove`."""

    def __init__(self, workspace: Workspace, writable: Callable[[Arguments], Channel]) -> None:
        self._workspace = workspace
        self._writable = writable

    def methods(self) -> dict[str, Callable[[Arguments], dict[str, Any]]]:
        """Return the methods by their names."""
        return {"reactions.add": self._add, "reactions.remove": self._remove}

    def _add(self, arguments: Arguments) -> dict[str, Any]:
        post, name = self._post(arguments), arguments["name"]
        if name in post.reactions:
            raise Refused("already_reacted")
        post.reactions.append(name)
        return {}

    def _remove(self, arguments: Arguments) -> dict[str, Any]:
        post, name = self._post(arguments), arguments["name"]
        if name not in post.reactions:
            raise Refused("no_reaction")
        post.reactions.remove(name)
        return {}

    def _post(self, arguments: Arguments) -> Post:
        channel = self._writable(arguments)
        post = self._workspace.find(channel.id, arguments.get("timestamp", ""))
        if post is None or post.only_for:
            raise Refused("message_not_found")
        return post
