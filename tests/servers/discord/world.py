"""What the loopback Discord knows: people, channels, messages; what it does to requests."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.servers.discord import payloads
from tests.servers.discord.files import Files
from tests.servers.discord.nonces import Nonces
from tests.servers.discord.payloads import DIRECT, FORUM, PUBLIC_THREAD, TEXT, VOICE, Json
from tests.servers.discord.posts import check_post, may_be_shown
from tests.servers.discord.refused import Refused, missing_access, missing_permissions, unknown

GUILD = 100_000_000_000_000_500
BOT = 100_000_000_000_000_900
BOT_ROLE = 100_000_000_000_000_901

_KEPT = ("components", "flags", "attachments")
_MENTION = re.compile(r"<@!?(\d+)>")
_ROLE_MENTION = re.compile(r"<@&(\d+)>")


@dataclass
class Post:
    """A message that the bot sent.

    Attributes:
        request: The body of the request, as discord.py sent it.
        repeated: How often the same nonce came again and was answered with this message.
    """

    message: Json
    request: Json
    repeated: int = 0


@dataclass
class Interaction:
    """A press of a button or a use of a command, and how the bot answered it.

    Attributes:
        responses: First answers, of which Discord takes one.
        edits: What the answer was changed into.
        followups: Further answers.
        dismissed: The answer was deleted.
        message: What the pressed button stands under: edits of the answer change it.
    """

    token: str
    channel: int = 0
    responses: list[Json] = field(default_factory=list)
    edits: list[Json] = field(default_factory=list)
    followups: list[Json] = field(default_factory=list)
    dismissed: bool = False
    message: Json = field(default_factory=dict)


class World:
    """One server with text channels, a forum, threads, and direct messages.

    Attributes:
        emit: Told every event, by name and payload.
        posts: What the bot sent, in order.
        typing: Ids of the channels where the bot typed, in order.
        closed_to: Ids of people whose direct messages are closed.
        hidden: Ids of channels that the bot may not see; it finds out by asking.
        invited: The bot is in the server.
        application_flags: Of the app: which privileged intents the portal allows.
        left: Ids of people who are no members of the server.
        may_manage_threads: The bot may reopen threads that are locked.
        reactions: Of the bot, by the message that they stand under.
        files: What was uploaded.
        between_two: Ids of direct messages that are between two people, not with the bot.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.emit: Callable[[str, Json], None] = lambda _name, _data: None
        self.bot = payloads.user(BOT, "frontdesk", bot=True)
        self.users: dict[int, Json] = {BOT: self.bot}
        self.channels: dict[int, Json] = {}
        self.messages: dict[int, dict[int, Json]] = {}
        self.posts: list[Post] = []
        self.typing: list[int] = []
        self.interactions: dict[int, Interaction] = {}
        self.commands: list[Json] = []
        self.closed_to: set[int] = set()
        self.hidden: set[int] = set()
        self.invited = True
        self.application_flags = 1 << 19
        self.roles_of: dict[int, tuple[int, ...]] = {}
        self.left: set[int] = set()
        self.between_two: set[int] = set()
        self.may_manage_threads = True
        self.reactions: dict[int, list[str]] = {}
        self.files = Files(self.snowflake)
        self._nonces = Nonces(clock)
        self._last_id = 0

    # --- arranging -------------------------------------------------------------------------

    def user(self, user_id: int, name: str = "", *, bot: bool = False) -> Json:
        """Return a person, made when not known yet."""
        made = payloads.user(user_id, name or f"user{user_id}", bot=bot)
        return self.users.setdefault(user_id, made)

    def text_channel(self, name: str = "help", *, denied: int = 0) -> int:
        return self._channel(TEXT, name, denied)

    def voice_channel(self, name: str = "lounge") -> int:
        return self._channel(VOICE, name, 0)

    def forum(self, name: str = "questions", *, denied: int = 0) -> int:
        return self._channel(FORUM, name, denied)

    def direct_channel(self, user_id: int) -> Json:
        """Return the direct messages of a person, opened when they are not yet."""
        for channel in self.channels.values():
            if channel["type"] == DIRECT and channel["recipients"][0]["id"] == str(user_id):
                return channel
        return self._add(payloads.direct_channel(self.snowflake(), self.user(user_id)))

    def thread(
        self, parent: int, *, root: int | None = None, owner: int = 1, name: str = ""
    ) -> int:
        """Make a thread: from a message, or in a forum."""
        root = root or self.snowflake()
        made = payloads.thread(root, self.channels[parent], name or "thread", owner)
        self._add(made)
        self.emit("THREAD_CREATE", {**made, "newly_created": True})
        return root

    def archive(self, thread: int, *, locked: bool = False) -> None:
        self._set_archived(self.channels[thread], archived=True, locked=locked)

    def snowflake(self, at: datetime | None = None) -> int:
        """Return an id that tells the present, above all earlier ones; or some past moment."""
        if at is not None:
            return (int(at.timestamp() * 1000) - payloads.EPOCH) << 22
        now = (int(time.time() * 1000) - payloads.EPOCH) << 22
        self._last_id = max(self._last_id + 1, now)
        return self._last_id

    # --- what people do ----------------------------------------------------------------------

    def say(
        self,
        channel_id: int,
        user_id: int,
        content: str,
        *,
        reply_to: int | None = None,
        kind: int | None = None,
        webhook: bool = False,
        attachments: tuple[Json, ...] = (),
        components: tuple[Json, ...] = (),
        at: datetime | None = None,
        number: int | None = None,
        more: Json | None = None,
    ) -> int:
        """Let a person write a message; return its id.

        Args:
            number: The message's id: the one that begins a forum post has the post's.
            more: Further fields.
        """
        said = payloads.message(
            number or self.snowflake(at), self.channels[channel_id], self.user(user_id), content
        ) | (more or {})
        said["attachments"] = list(attachments)
        said["components"] = list(components)
        said["type"] = kind if kind is not None else 19 if reply_to else 0
        if webhook:
            said["webhook_id"] = said["author"]["id"]
        self._refer(said, reply_to)
        self._mention(said)
        self.keep(said)
        self.emit("MESSAGE_CREATE", self.as_event(said))
        return int(said["id"])

    def tell(self, user_id: int, content: str) -> int:
        """Let a person write a direct message to the bot."""
        return self.say(int(self.direct_channel(user_id)["id"]), user_id, content)

    def redeliver(self, message_id: int) -> None:
        """Send the event of a message once more."""
        self.emit("MESSAGE_CREATE", self.as_event(self.message(message_id)))

    def edit(self, message_id: int, content: str, *, after: float = 1.0, tell: bool = True) -> None:
        """Let a person edit a message, some seconds after they wrote it."""
        edited = self.message(message_id)
        moment = datetime.fromisoformat(edited["timestamp"]) + timedelta(seconds=after)
        edited |= {"content": content, "edited_timestamp": moment.isoformat()}
        self._mention(edited)
        if tell:
            self.emit("MESSAGE_UPDATE", self.as_event(edited))

    def unfurl(self, message_id: int) -> None:
        """Let Discord show a preview of a link: the message is updated, and not edited."""
        self.emit("MESSAGE_UPDATE", self.as_event(self.message(message_id)))

    def delete(self, *message_ids: int, tell: bool = True) -> None:
        """Let a person delete a message, or a moderator several at once."""
        for channel, messages in self.messages.items():
            gone = [each for each in message_ids if messages.pop(each, None) is not None]
            if not gone or not tell:
                continue
            where: Json = {"channel_id": str(channel)}
            if self.channels[channel]["type"] != DIRECT:
                where["guild_id"] = str(GUILD)
            if len(gone) == 1:
                self.emit("MESSAGE_DELETE", {"id": str(gone[0]), **where})
            else:
                self.emit("MESSAGE_DELETE_BULK", {"ids": [str(each) for each in gone], **where})

    @property
    def standing(self) -> list[Json]:
        """What stands of the bot's messages, in order."""
        every = [each for messages in self.messages.values() for each in messages.values()]
        own = [each for each in every if each["author"]["id"] == self.bot["id"]]
        return sorted(own, key=lambda each: int(each["id"]))

    def press(self, message_id: int, custom_id: str, user_id: int) -> int:
        """Let a person press a button under a message of the bot; return the interaction's id."""
        pressed = self.message(message_id)
        channel = self.channels[int(pressed["channel_id"])]
        data: Json = {"custom_id": custom_id, "component_type": 2}
        return self._interact(3, channel, user_id, data, message=pressed)

    def command(
        self,
        channel_id: int,
        user_id: int,
        verb: str,
        options: Mapping[str, str] | None = None,
        *,
        name: str = "frontdesk",
    ) -> int:
        """Let a person use `/frontdesk VERB`, or `/NAME`; return the interaction's id."""
        given = [{"name": each, "type": 3, "value": it} for each, it in (options or {}).items()]
        registered = [each["id"] for each in self.commands if each["name"] == name]
        data: Json = {
            "id": registered[0] if registered else str(self.snowflake()),
            "name": name,
            "type": 1,
            "options": [{"name": verb, "type": 1, "options": given}] if verb else [],
        }
        return self._interact(2, self.channels[channel_id], user_id, data)

    def ask(self, channel_id: int, user_id: int, question: str) -> int:
        """Let a person use `/ask`; return the interaction's id."""
        option = {"name": "question", "type": 3, "value": question}
        data: Json = {"id": str(self.snowflake()), "name": "ask", "type": 1, "options": [option]}
        return self._interact(2, self.channels[channel_id], user_id, data)

    def press_ephemeral(self, interaction: int, custom_id: str, user_id: int) -> int:
        """Let a person press a button below an answer that they alone see."""
        asked = self.interactions[interaction]
        channel = self.channels[asked.channel]
        said = payloads.message(self.snowflake(), channel, self.bot, "")
        said |= {"flags": 1 << 6, "components": [*asked.edits, *asked.followups][-1]["components"]}
        data: Json = {"custom_id": custom_id, "component_type": 2}
        return self._interact(3, channel, user_id, data, message=said)

    def context_command(self, message_id: int, user_id: int, name: str) -> int:
        """Let a person use a command of a message's context menu; return the interaction's id."""
        target = self.message(message_id)
        channel = self.channels[int(target["channel_id"])]
        data: Json = {
            "id": str(self.snowflake()),
            "name": name,
            "type": 3,
            "target_id": str(message_id),
            "resolved": {"messages": {str(message_id): target}},
        }
        return self._interact(2, channel, user_id, data)

    def submit(self, channel_id: int, user_id: int, custom_id: str) -> int:
        """Let a person submit a modal; return the interaction's id."""
        data: Json = {"custom_id": custom_id, "components": []}
        return self._interact(5, self.channels[channel_id], user_id, data)

    def give_reason(self, pressed: int, reason: str, user_id: int) -> int:
        """Let a person fill the modal that answered a press; return the interaction's id."""
        modal = self.interactions[pressed].responses[0]["data"]
        row = modal["components"][0]
        field = row.get("component") or row["components"][0]
        filled = {"type": 4, "custom_id": field["custom_id"], "value": reason}
        data: Json = {
            "custom_id": modal["custom_id"],
            "components": [{"type": 1, "components": [filled]}],
        }
        post = self.interactions[pressed].message
        channel = self.channels[int(post["channel_id"])]
        return self._interact(5, channel, user_id, data, message=post)

    def fill_form(
        self, pressed: int, user_id: int, *, text: str = "", chosen: int | None = None
    ) -> int:
        """Let a person fill the modal that a press opened; return the interaction's id."""
        modal = self.interactions[pressed].responses[0]["data"]
        (label,) = modal["components"]
        field = label["component"]
        filled: Json = {"type": field["type"], "custom_id": field["custom_id"]}
        if chosen is None:
            assert len(text) <= field["max_length"]
            assert text or not field["required"]
            filled["value"] = text
        else:
            filled["values"] = [str(chosen)]
        data: Json = {
            "custom_id": modal["custom_id"],
            "components": [{"type": 18, "id": 1, "component": filled}],
        }
        if chosen is not None:
            data["resolved"] = {"users": {str(chosen): self.user(chosen)}}
        post = self.interactions[pressed].message
        return self._interact(
            5, self.channels[int(post["channel_id"])], user_id, data, message=post
        )

    def answer_window(self, pressed: int, user_id: int, *, text: str = "", chosen: str = "") -> int:
        """Let a person submit the window that a press opened; return the interaction's id."""
        modal = self.interactions[pressed].responses[0]["data"]
        filled: list[Json] = []
        for each in modal["components"]:
            field = each.get("component")
            if field is None:
                continue
            given: Json = {"type": field["type"], "custom_id": field["custom_id"]}
            if field["type"] == 3:
                assert not chosen or chosen in [option["value"] for option in field["options"]]
                given["values"] = [chosen] if chosen else []
            else:
                given["value"] = text
            filled.append({"type": 18, "id": len(filled) + 1, "component": given})
        data: Json = {"custom_id": modal["custom_id"], "components": filled}
        post = self.interactions[pressed].message
        place = self.channels[int(post["channel_id"])]
        return self._interact(5, place, user_id, data, message=post)

    def pick(self, message_id: int, value: str, user_id: int) -> int:
        """Let a person choose in the menu under a message; return the interaction's id."""
        message = self.message(message_id)
        items = [each for row in message["components"] for each in row["components"]]
        (menu,) = [each for each in items if each["type"] == 3]
        assert value in [each["value"] for each in menu["options"]]
        data: Json = {
            "custom_id": menu["custom_id"],
            "component_type": 3,
            "values": [value],
        }
        channel = self.channels[int(message["channel_id"])]
        return self._interact(3, channel, user_id, data, message=message)

    def reply(self, channel_id: int, user_id: int, text: str) -> int:
        """Let a person use `/reply`; return the interaction's id."""
        option = {"name": "text", "type": 3, "value": text}
        data: Json = {"id": str(self.snowflake()), "name": "reply", "type": 1, "options": [option]}
        return self._interact(2, self.channels[channel_id], user_id, data)

    def complete(self, channel_id: int, user_id: int, name: str) -> int:
        """Let a person type an option that the bot may complete; return the interaction's id."""
        option = {"name": "number", "type": 3, "value": "4", "focused": True}
        data: Json = {"id": str(self.snowflake()), "name": name, "type": 1, "options": [option]}
        return self._interact(4, self.channels[channel_id], user_id, data)

    def _interact(
        self,
        kind: int,
        channel: Json,
        user_id: int,
        data: Json,
        **more: Json,
    ) -> int:
        made = self.snowflake()
        pressed = more.get("message", {})
        self.interactions[made] = Interaction(f"token-{made}", int(channel["id"]), message=pressed)
        who: Json = {"user": self.user(user_id)}
        if channel["type"] != DIRECT:
            member = payloads.member(self.user(user_id), self.roles_of.get(user_id, ()))
            who = {"guild_id": str(GUILD), "member": {**member, "permissions": "0"}}
        self.emit(
            "INTERACTION_CREATE",
            {
                "id": str(made),
                "application_id": str(BOT),
                "type": kind,
                "version": 1,
                "token": self.interactions[made].token,
                "channel": channel,
                "channel_id": channel["id"],
                "data": data,
                "locale": "de",
                "app_permissions": str(payloads.EVERYTHING_A_BOT_NEEDS),
                "attachment_size_limit": 10_000_000,
                "entitlements": [],
                "authorizing_integration_owners": {},
                "context": self._context(channel),
                **more,
                **who,
            },
        )
        return made

    def _context(self, channel: Json) -> int:
        """Return in what kind of place an interaction is, as Discord numbers them."""
        if int(channel["id"]) in self.between_two:
            return 2
        return 1 if channel["type"] == DIRECT else 0

    # --- what the bot does -------------------------------------------------------------------

    def post(self, channel_id: int, request: Json) -> Json:
        """Take a message of the bot's, as `POST /channels/{channel.id}/messages` does."""
        channel = self.visible(channel_id)
        may_be_shown(channel, self.closed_to)
        check_post(request)
        nonce = request.get("nonce") if request.get("enforce_nonce") else None
        earlier = self._nonces.known(nonce)
        if earlier is not None:
            self.posts[earlier].repeated += 1
            return {**self.posts[earlier].message, "nonce": nonce}
        self._set_archived(channel, archived=False)
        said = payloads.message(
            self.snowflake(), channel, self.bot, request.get("content") or ""
        ) | {
            each: request[each]
            for each in ("components", "flags", "attachments")
            if each in request
        }
        self._refer(said, int(request.get("message_reference", {}).get("message_id", 0)) or None)
        self.keep(said)
        self._nonces.remember(nonce, len(self.posts))
        self.posts.append(Post(said, request))
        self.emit("MESSAGE_CREATE", {**self.as_event(said), "nonce": request.get("nonce")})
        return {**said, "nonce": request.get("nonce")}

    def start_thread(self, channel_id: int, root: int, name: str) -> Json:
        """Make a thread from a message for the bot."""
        channel = self.visible(channel_id)
        if channel["type"] != TEXT:
            raise Refused(400, 50024, "Cannot execute action on this channel type")
        if root not in self.messages[channel_id]:
            raise unknown("Message", 10008)
        if root in self.channels:
            raise Refused(400, 160004, "A thread has already been created for this message")
        return self.channels[self.thread(channel_id, root=root, owner=BOT, name=name)]

    def unarchive(self, channel_id: int) -> Json:
        channel = self.visible(channel_id)
        if channel.get("thread_metadata", {}).get("locked") and not self.may_manage_threads:
            raise missing_permissions()
        self._set_archived(channel, archived=False)
        return channel

    # --- looking -----------------------------------------------------------------------------

    def visible(self, channel_id: int) -> Json:
        """Return a channel that the bot may see."""
        if channel_id not in self.channels:
            raise unknown("Channel", 10003)
        if channel_id in self.hidden:
            raise missing_access()
        return self.channels[channel_id]

    def message(self, message_id: int) -> Json:
        for messages in self.messages.values():
            if message_id in messages:
                return messages[message_id]
        raise unknown("Message", 10008)

    def message_in(self, channel_id: int, message_id: int) -> Json:
        """Return a message that stands in a channel."""
        if message_id not in self.messages[channel_id]:
            raise unknown("Message", 10008)
        return self.messages[channel_id][message_id]

    def open_thread(self, channel_id: int) -> Json:
        """Return a channel that the bot may see; a thread only while it is not archived."""
        channel = self.visible(channel_id)
        if channel.get("thread_metadata", {}).get("archived"):
            raise Refused(400, 50083, "Thread is archived")
        return channel

    def threads(self, *, archived: bool) -> list[Json]:
        """Return all threads that are archived, or all that are not."""
        found = [each for each in self.channels.values() if each["type"] == PUBLIC_THREAD]
        return [each for each in found if each["thread_metadata"]["archived"] is archived]

    def drop(self, channel_id: int) -> None:
        """Let a moderator delete a channel or a thread."""
        gone = self.channels.pop(channel_id)
        self.messages.pop(channel_id)
        name = "THREAD_DELETE" if gone["type"] == PUBLIC_THREAD else "CHANNEL_DELETE"
        self.emit(name, gone)

    def as_event(self, message: Json) -> Json:
        """Return a message with what only the gateway tells."""
        if self.channels[int(message["channel_id"])]["type"] == DIRECT:
            return dict(message)
        roles = self.roles_of.get(int(message["author"]["id"]), ())
        author = payloads.member(message["author"], roles)
        return {**message, "guild_id": str(GUILD), "member": author}

    def guild(self) -> Json:
        """Return what GUILD_CREATE tells."""
        kinds = (DIRECT, PUBLIC_THREAD)
        channels = [each for each in self.channels.values() if each["type"] not in kinds]
        threads = self.threads(archived=False)
        roles = [payloads.role(GUILD, "@everyone"), payloads.role(BOT_ROLE, "Frontdesk", bot=BOT)]
        told = payloads.guild(GUILD, channels, threads, roles)
        return {**told, "members": [payloads.member(self.bot, (BOT_ROLE,))]}

    # --- keeping -----------------------------------------------------------------------------

    def _channel(self, kind: int, name: str, denied: int) -> int:
        made = payloads.guild_channel(self.snowflake(), GUILD, kind, name, denied)
        self.emit("CHANNEL_CREATE", self._add(made))
        return int(made["id"])

    def _add(self, channel: Json) -> Json:
        self.channels[int(channel["id"])] = channel
        self.messages.setdefault(int(channel["id"]), {})
        return channel

    def keep(self, message: Json) -> None:
        """Let a message stand in its channel."""
        channel = int(message["channel_id"])
        self.messages[channel][int(message["id"])] = message
        self.channels[channel]["last_message_id"] = message["id"]

    def _refer(self, message: Json, to: int | None) -> None:
        """Make a message a reply."""
        if to is None:
            return
        replied_to = self.messages[int(message["channel_id"])].get(to)
        message["type"] = 19
        message["message_reference"] = {"channel_id": message["channel_id"], "message_id": str(to)}
        nested = {k: v for k, v in (replied_to or {}).items() if k != "referenced_message"}
        message["referenced_message"] = nested or None

    def _mention(self, message: Json) -> None:
        """Fill in who is mentioned; a person may ping everybody."""
        content = message["content"]
        message["mentions"] = [self.user(int(found)) for found in _MENTION.findall(content)]
        message["mention_roles"] = _ROLE_MENTION.findall(content)
        message["mention_everyone"] = "@everyone" in content

    def _set_archived(self, channel: Json, *, archived: bool, locked: bool = False) -> None:
        state = channel.get("thread_metadata")
        if state is not None and state["archived"] != archived:
            state |= {"archived": archived, "locked": locked}
            self.emit("THREAD_UPDATE", channel)
