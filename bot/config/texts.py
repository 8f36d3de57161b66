"""`responder.texts:` own words for what the bot says by itself, by the name of the text."""

from __future__ import annotations

from bot.config.form_texts import FormTexts
from bot.config.product_texts import ProductTexts
from bot.config.proof_texts import ProofTexts
from bot.config.slot_texts import SlotTexts
from bot.config.text_field import MORE_PLACEHOLDERS, PLACEHOLDERS, Text

__all__ = ["MORE_PLACEHOLDERS", "PLACEHOLDERS", "TextsConfig"]


class TextsConfig(FormTexts, ProductTexts, SlotTexts, ProofTexts):
    """`responder.texts:` a text, or texts by language; languages left out keep the built-in one.

    `{bot}` and `{contact}` may stand in each.
    """

    introduction: Text = None
    """Before the first reply to a person; `responder.introduction: false` switches it off."""

    clarify: Text = None
    """Above the buttons, when two intents are likely."""

    neither: Text = None
    """The button for none of them."""

    which: Text = None
    """To a customer who agrees without saying with which, above the same buttons."""

    other_words: Text = None
    """To a customer for whom none of the buttons fits."""

    go_on: Text = None
    """To a customer who says yes, no, ok or hm when nothing was asked."""

    help: Text = None
    """To a customer who asks for help; `{topics}` is a list of what can be asked."""

    about_number: Text = None
    """To a customer who sends a number alone when nothing was talked about."""

    what_instead: Text = None
    """To a customer who says only what they do not want."""

    rest_unclear: Text = None
    """At the end of a reply to several requests, when one of them is not understood."""

    handoff: Text = None
    """To a customer who asks for a person, when staff could not be told: how to reach one."""

    handed_over: Text = None
    """To a customer who asks for a person, once staff were told, where the intent has no reply."""

    waiting: Text = None
    """To a customer who is handed over, when it is not known when somebody is there."""

    waiting_open: Text = None
    """To a customer who is handed over while somebody is there."""

    waiting_closed: Text = None
    """To a customer who is handed over while nobody is there."""

    closed_now: Text = None
    """After an intent's own reply that hands over, while nobody is there."""

    reach_person: Text = None
    """Under an answer after which a person is needed, when staff could not be told."""

    next_team: Text = None
    """To a customer who waits, once the next team was asked."""

    nobody_reminded: Text = None
    """To a customer who waits, once staff were called by mail or webhook."""

    nobody_left: Text = None
    """To a customer who waits, when there is nobody else to ask."""

    owner_gone: Text = None
    """To a customer whose colleague has not written for long: the bot answers again."""

    owner_gone_team: Text = None
    """To a customer whose colleague has not written for long, once another team was asked."""

    rate_help: Text = None
    """To a customer whose case was closed, above the buttons 1 to 5."""

    frustrated: Text = None
    """Before the reply to a customer who is frustrated."""

    talk_to_person: Text = None
    """The button under the reply to a frustrated customer that asks for a person."""

    expired: Text = None
    """To the press of a button that is no longer known."""

    helpful: Text = None
    """The thumb that points up, under an answer."""

    not_helpful: Text = None
    """The thumb that points down, under an answer."""

    feedback_title: Text = None
    """Title of the window that asks for the reason of a thumb down; at most 24 characters."""

    feedback_reason: Text = None
    """Above the field for the reason of a thumb down; at most 45 characters."""

    feedback_send: Text = None
    """The button that sends the reason for a thumb down; at most 24 characters."""

    feedback_thanks: Text = None
    """To somebody who judged an answer, for their eyes only."""

    not_yours: Text = None
    """To somebody who presses a button of another person's question, for their eyes only."""

    wordless: Text = None
    """To a message without words."""

    files: Text = None
    """Before the first reply to a customer who sent a file, a picture, a recording or the like."""

    quoted: Text = None
    """Above a quoted article; `{title}` is its title."""

    selected_foreign: Text = None
    """Above sentences of an article in another language than the customer's."""

    selected_also: Text = None
    """Above what answers the second and each further question of a message."""

    nearest: Text = None
    """When articles were searched and GPT found no answer in them; `{title}` is the nearest one."""

    hidden: Text = None
    """Instead of personal data, where others can read along."""

    colleague: Text = None
    """Instead of a promise that GPT made."""

    interrupted: Text = None
    """When GPT failed in the middle of an answer."""

    too_fast: Text = None
    """To somebody who writes faster than `serve.rate_limit`."""

    stale: Text = None
    """To a message that waited longer than `serve.stale_after`."""

    shortened: Text = None
    """Before the reply to a message that is longer than `responder.longest_message`."""

    not_served: Text = None
    """Before the first reply to a customer whose language is not served."""

    given_up: Text = None
    """To the author of a message that could not be answered, with the contact."""

    action_done_later: Text = None
    """To customers whose request had no outcome at first, once it is known to be done; `{what}` is
    what they asked for."""

    action_not_done: Text = None
    """To customers whose request had no outcome at first, once it is known not to be done."""

    unknown: Text = None
    """When neither intents nor articles help."""

    unclear: Text = None
    """To a message that leans on what was said before and names nothing new."""

    sent_privately: Text = None
    """In public, when the answer itself went into a direct message."""

    direct_messages_closed: Text = None
    """In public, when an answer is private and its reader cannot be written to."""

    try_again: Text = None
    """To somebody whose press of a button could not be stored, for their eyes only."""

    status: Text = None
    """Next to the bot's name while it makes an answer, where the platform shows such a text."""

    withheld: Text = None
    """Instead of a text that those who read along may not see."""

    staff_only: Text = None
    """To somebody who uses a command of staff and is none of them, for their eyes only."""

    unknown_command: Text = None
    """To a command that the bot does not know, for the eyes of whoever used it."""

    command_help: Text = None
    """To staff: which commands there are."""

    why_unknown: Text = None
    """To staff who ask why about a message of which no decision is stored."""

    paused_everywhere: Text = None
    """To staff who paused the bot everywhere."""

    paused_here: Text = None
    """To staff who paused the bot in a channel."""

    already_paused_everywhere: Text = None
    """To staff who pause the bot everywhere a second time."""

    already_paused_here: Text = None
    """To staff who pause the bot in a channel a second time."""

    resumed: Text = None
    """To staff who let the bot answer again."""

    not_paused: Text = None
    """To staff who let the bot answer again where it was not paused, above `command_help`."""

    answering: Text = None
    """To staff who ask where the bot is paused, when it is nowhere."""

    paused_places: Text = None
    """To staff who ask where the bot is paused; `{places}` are the places."""

    everywhere: Text = None
    """In `paused_places`, for all channels."""

    file_not_passed: Text = None
    """To customers and for them: files that could not be passed on between them and staff.
    `{files}` are their names."""
