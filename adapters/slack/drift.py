"""What an app's manifest at Slack lacks of ours: each difference with where to click."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from adapters.slack.manifest import EVENTS, INDISPENSABLE, SCOPES
from bot.ports import Finding

_ABOUT: Final = "slack"
_DEAF: Final = frozenset({"app_mention", "message.im"})
"""Events without which customers are not heard."""

_LISTS: Final = (
    ("slash_commands", "command", "command", "Slash Commands -> Create New Command"),
    ("shortcuts", "callback_id", "shortcut", "Interactivity & Shortcuts -> Create New Shortcut"),
)
"""Lists of features: key, name of an entry, what an entry is, and where to click."""

_Tree = Mapping[str, Any]


def find_drift(theirs: _Tree, ours: _Tree) -> Iterator[Finding]:
    """Yield what an app lacks; what it has beside that is nobody's business.

    Args:
        theirs: The manifest as Slack exports it.
        ours: The manifest that the bot needs.
    """
    yield from _missing_scopes(theirs)
    yield from _missing_events(theirs)
    yield from _missing_switches(theirs)
    for kind, name, what, page in _LISTS:
        known = _names(theirs, kind, name)
        for wanted in _names(ours, kind, name):
            if wanted not in known:
                yield _lacks(f"the {what} {wanted}", page)


def _missing_scopes(theirs: _Tree) -> Iterator[Finding]:
    granted = _at(theirs, "oauth_config", "scopes", "bot") or ()
    for scope in SCOPES:
        if scope not in granted:
            page = "OAuth & Permissions -> Scopes -> Add an OAuth Scope"
            yield _lacks(f"the scope {scope}", page, fails=scope in INDISPENSABLE, installs=True)


def _missing_events(theirs: _Tree) -> Iterator[Finding]:
    heard = _at(theirs, "settings", "event_subscriptions", "bot_events") or ()
    for event in EVENTS:
        if event not in heard:
            page = "Event Subscriptions -> Subscribe to bot events -> Add Bot User Event"
            yield _lacks(f"the event {event}", page, fails=event in _DEAF, installs=True)


def _missing_switches(theirs: _Tree) -> Iterator[Finding]:
    if not _at(theirs, "settings", "socket_mode_enabled"):
        yield _lacks("Socket Mode", "Socket Mode -> Enable Socket Mode", fails=True)
    if not _at(theirs, "settings", "interactivity", "is_enabled"):
        yield _lacks(
            "interactivity: buttons do nothing", "Interactivity & Shortcuts -> On", fails=True
        )
    home = _at(theirs, "features", "app_home") or {}
    if not home.get("messages_tab_enabled") or home.get("messages_tab_read_only_enabled"):
        page = "App Home -> Show Tabs -> Messages Tab, and Allow users to send Slash commands"
        yield _lacks("direct messages", f"{page} and messages from the messages tab", fails=True)
    if _at(theirs, "settings", "token_rotation_enabled"):
        found = "the app rotates its tokens: the bot token expires after 12 hours"
        yield Finding(_ABOUT, "fail", found, "Slack cannot undo this: make a new app (step 1)")


def _lacks(what: str, page: str, *, fails: bool = False, installs: bool = False) -> Finding:
    remedy = f"https://api.slack.com/apps -> your app -> {page}"
    again = ", then Install App -> Reinstall" if installs else ""
    return Finding(_ABOUT, "fail" if fails else "warn", f"the app lacks {what}", remedy + again)


def _names(manifest: _Tree, kind: str, name: str) -> Sequence[str]:
    return [str(each.get(name)) for each in _at(manifest, "features", kind) or ()]


def _at(tree: _Tree, *path: str) -> Any:  # noqa: ANN401 - a value of the platform's JSON
    found: Any = tree
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found
