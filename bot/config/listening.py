"""Where and to whom the bot speaks on a platform: keys that all adapters' sections share."""

from __future__ import annotations

from collections.abc import Mapping

from bot.config.types import ChannelId, PlatformId, Section
from bot.conversations.key import ConversationKey, platform_of
from bot.messages import Message, Readers


class ChannelConfig(Section):
    """A channel, by its id."""

    support: bool = False
    """Questions for the desk are answered without a mention, where the bot is sure."""


class AccessConfig(Section):
    """Channels and groups of people."""

    channels: frozenset[ChannelId] = frozenset()
    """Ids of channels; threads belong to theirs, direct messages to none."""

    roles: frozenset[PlatformId] = frozenset()
    """Ids of roles, where the platform has roles; else of its groups of people."""


class ListenConfig(Section):
    """What the section of a platform says about when to speak."""

    channels: dict[ChannelId, ChannelConfig] = {}  # noqa: RUF012 - pydantic copies defaults
    """Channels that are special, by their id."""

    allow: AccessConfig = AccessConfig()
    """Where and whom alone the bot answers; empty: everywhere, everybody."""

    deny: AccessConfig = AccessConfig()
    """Where and whom it never answers; goes before `allow`."""

    bots: frozenset[PlatformId] = frozenset()
    """Ids of bots and workflows that may ask."""

    @property
    def support(self) -> frozenset[str]:
        """Ids of the channels in which questions need no mention."""
        return frozenset(name for name, channel in self.channels.items() if channel.support)


class Listening:
    """When the bot listens, by platform.

    Args:
        sections: What config says of each; one that is missing says nothing.
    """

    def __init__(self, sections: Mapping[str, ListenConfig]) -> None:
        self._sections = sections

    def is_support(self, conversation: str) -> bool:
        """Return whether a conversation belongs to a channel with `support: true`."""
        place = ConversationKey.parse(conversation)
        section = self._sections.get(place.platform)
        channel = section.channels.get(place.channel) if section else None
        return channel is not None and channel.support

    def admits(self, message: Message) -> bool:
        """Return whether config lets the bot answer this person in this place; staff always."""
        section = self._sections.get(platform_of(message.conversation))
        if section is None or message.author.staff:
            return True
        allow, deny = section.allow, section.deny
        channel = ConversationKey.parse(message.conversation).channel
        roles = frozenset(message.author.roles)
        if roles & deny.roles or (allow.roles and not roles & allow.roles):
            return False
        if message.readers is Readers.AUTHOR:
            return True
        return channel not in deny.channels and (not allow.channels or channel in allow.channels)


def read_listening(sections: Mapping[str, object]) -> Listening:
    """Return what the sections of the adapters say, as they stand in the file.

    Args:
        sections: By name; each was checked by its adapter's own model.
    """
    names = ListenConfig.model_fields
    found: dict[str, ListenConfig] = {}
    for platform, section in sections.items():
        if isinstance(section, Mapping):
            said = {name: section[name] for name in names if section.get(name) is not None}
            found[platform] = ListenConfig.model_validate(said)
    return Listening(found)
