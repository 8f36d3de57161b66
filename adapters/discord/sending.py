"""Makes the messages of one reply or post stand in a place, whatever stands of them already."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.discord.client import FrontdeskClient
from adapters.discord.destination import Destination, Destinations
from adapters.discord.posted import PostedLookup
from adapters.discord.render import Post, Reply
from adapters.discord.requests import DirectMessagesClosed, Requests, Standing, nonce_of
from adapters.discord.stream import ReplyStream
from adapters.discord.translate import PLATFORM
from adapters.discord.whole_reply import whole
from bot.conversations.key import ConversationKey, MessageId
from bot.messages import Visibility
from bot.ports import Posting
from bot.privacy.disclosure import cleared


class Sender:
    """Sends messages to places.

    What an earlier attempt remembered is skipped, and each message carries a nonce made from the
    event's id, by which Discord itself recognises it for some minutes. Later than that, a message
    that an earlier attempt may have posted is looked for where it would stand.

    Args:
        client: Logged in.
        destinations: Finds direct messages.
        requests: Sends, reads, changes.
        posted: Finds what was posted.
    """

    def __init__(
        self,
        client: FrontdeskClient,
        destinations: Destinations,
        requests: Requests,
        posted: PostedLookup,
    ) -> None:
        self._client = client
        self._destinations = destinations
        self._requests = requests
        self._posted = posted

    async def tell_privately(self, posting: Posting, reply: Reply) -> str:
        """Write a reply to the author alone; return what to say about it in public."""
        try:
            unseen = posting.event.message.unseen
            text = reply.everything if unseen else reply.private or reply.public
            await self.send_privately(posting, whole(reply, text), reply.language)
        except DirectMessagesClosed:
            return self._client.wording.say("direct_messages_closed", reply.language)
        return self._client.wording.say("sent_privately", reply.language)

    async def send_privately(
        self, posting: Posting, messages: Sequence[Post], language: str = ""
    ) -> None:
        """Make messages stand in the direct messages with the author of an event.

        Raises:
            DirectMessagesClosed: The person cannot be written to.
        """
        async with self._requests.bounded("opening direct messages"):
            direct = await self._destinations.direct(posting.event)
        await self.send_all(posting, direct, messages, "private", language)

    async def send_all(
        self,
        posting: Posting,
        place: Destination,
        messages: Sequence[Post],
        purpose: str,
        language: str = "",
        stream: ReplyStream | None = None,
    ) -> None:
        """Make messages stand in a place; what stands of them already is corrected.

        Args:
            posting: The attempt.
            place: Where.
            messages: All of them.
            purpose: Tells apart, in nonces, what one event leads to in several places.
            language: BCP 47 tag of the reply.
            stream: What this attempt has shown of it.
        """
        question = posting.event.message
        messages = self.readable(question.id, messages, place, language)
        standing = dict(stream.standing) if stream is not None else {}
        if not standing:
            standing = await self._earlier(posting, place, messages)
        again = posting.attempt > 1 or (stream is not None and stream.uncertain)
        for number, message in enumerate(messages):
            stands = standing.get(number)
            if stands is None:
                await posting.reserve()
                nonce = nonce_of(question.id, f"{purpose}-{number}", question.revision)
                stands = await self._requests.send(place, message, nonce, question.id)
                stands = stands if again else Standing.like(stands.id, message)
            known = str(self.key(place).message(stands.id))
            if known not in posting.posted:
                await posting.remember(known)
            if not stands.says(message):
                await posting.reserve()
                await self._correct(place, stands, message, question.id)
        for number in range(len(messages), max(standing, default=-1) + 1):
            await posting.reserve()
            await self._requests.delete(place, standing[number].id)
            await posting.forget(str(self.key(place).message(standing[number].id)))

    def readable(
        self, about: str, messages: Sequence[Post], place: Destination, language: str = ""
    ) -> Sequence[Post]:
        """Return messages as all who read a place may read them.

        Args:
            about: Id of what is answered, for the log.
            messages: All of them.
            place: Where they are to stand.
            language: BCP 47 tag of the reply.
        """
        said = frozenset[Visibility]().union(*(each.visibilities for each in messages))
        if cleared(about, said, place.readers):
            return messages
        return [Post(self._client.wording.say("withheld", language))]

    async def _correct(
        self, place: Destination, stands: Standing, message: Post, about: str
    ) -> None:
        """Change what stands into what is to stand there."""
        self._client.paces.of(str(place.id)).count()
        await self._requests.edit(place, stands.id, message, about)

    async def _earlier(
        self, posting: Posting, place: Destination, messages: Sequence[Post]
    ) -> dict[int, Standing]:
        """Return what earlier attempts have posted in a place, by number."""
        here = [MessageId.parse(each) for each in posting.posted]
        key = self.key(place)
        ids = [int(each.number) for each in here if each.conversation == key and not each.kind]
        found = dict(enumerate(ids))
        revised = bool(posting.event.message.revision)
        if posting.attempt > 1 and (revised or len(ids) < len(messages)):
            async with self._requests.bounded("looking for an earlier answer"):
                looked_up = await self._posted.find(posting.event.message, place, messages)
            found = {**looked_up, **found}
        standing: dict[int, Standing] = {}
        for number, message in sorted(found.items()):
            stands = await self._requests.read(place, message)
            # what is deleted, or may not be read, is left as it is
            wanted = messages[number] if number < len(messages) else Post("")
            standing[number] = stands or Standing.like(message, wanted)
        return standing

    def key(self, place: Destination) -> ConversationKey:
        """Return the key of the conversation that a place holds."""
        return ConversationKey(PLATFORM, str(self._client.application_id), str(place.id))
