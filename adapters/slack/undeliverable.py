"""Why a post of the outbox cannot be made or changed, in words for whoever wanted it."""

from __future__ import annotations

from typing import Final

from adapters.common.refused import ContentRefused
from adapters.slack.errors import code_of
from bot.errors import AccessLost, AdapterError

_CHANNEL: Final = "the bot is not in the channel on Slack: invite it there"

_WHY: Final = {
    "cannot_dm_bot": "Slack lets nobody write to another bot",
    "cant_delete_message": "Slack does not let the bot delete this post",
    "cant_update_message": "Slack does not let the bot change this post",
    "channel_not_found": "the bot cannot reach the place on Slack: it is not in it, or it is gone",
    "compliance_exports_prevent_deletion": "the workspace keeps all posts: nothing can be deleted",
    "edit_window_closed": "the post is too old to be changed on Slack",
    "file_type_not_allowed": "the workspace does not take files of this type",
    "file_uploads_disabled": "the workspace takes no files",
    "file_uploads_except_images_disabled": "the workspace takes no files but pictures",
    "is_archived": "the channel on Slack is archived",
    "message_not_found": "the post is gone: it was deleted on Slack, or one person alone saw it",
    "messages_tab_disabled": "direct messages to the bot are switched off on Slack",
    "not_in_channel": _CHANNEL,
    "posting_to_channel_denied": _CHANNEL,
    "restricted_action": "the workspace limits who may post there",
    "restricted_action_read_only_channel": "the channel on Slack is read-only",
    "restricted_action_thread_locked": "the thread on Slack is locked",
    "storage_limit_reached": "the workspace has no room for files left",
    "thread_not_found": "the thread on Slack is gone",
    "too_many_reactions": "the line has all the reactions that Slack takes",
    "user_disabled": "the account of the person on Slack is switched off",
    "user_not_found": "the person is no longer on Slack",
    "user_not_in_channel": "the person has left the channel on Slack",
}


def explained(error: AdapterError) -> AdapterError:
    """Return a refusal in words that need no knowledge of Slack's API; others as they are."""
    why = _WHY.get(code_of(error), "")
    if not why or isinstance(error, AccessLost | ContentRefused):
        return error
    return AdapterError(f"{why} ({code_of(error)})")
