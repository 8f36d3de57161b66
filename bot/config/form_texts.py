"""`responder.texts:` own words for what the bot says in forms."""

from __future__ import annotations

from bot.config.text_field import Text
from bot.config.types import Section


class FormTexts(Section):
    """Texts of forms."""

    form_ask: Text = None
    """The question for a detail that has no question of its own; `{slot}` is what it is called."""

    form_back: Text = None
    """At the end of another answer: the open question again; `{title}` is what it is about."""

    form_why: Text = None
    """To who asks why a detail is needed; `{slot}` is what it is called, `{title}` what it is
    for."""

    form_not_read: Text = None
    """Before a question that is asked a second time."""

    form_last_try: Text = None
    """Before a question that is asked a third and last time, with buttons."""

    form_gave_up: Text = None
    """When a question was asked three times in vain."""

    form_needed: Text = None
    """To who does not want to give a detail that is needed."""

    form_refused: Text = None
    """When the shop does not take a detail and gives no reason."""

    form_hint_choice: Text = None
    """An example of an answer: what can be chosen."""

    form_hint_number: Text = None
    """An example of an answer: a number."""

    form_hint_amount: Text = None
    """An example of an answer: an amount of money."""

    form_hint_date: Text = None
    """An example of an answer: a day."""

    form_hint_time: Text = None
    """An example of an answer: a time of day."""

    form_hint_datetime: Text = None
    """An example of an answer: a day and a time."""

    form_hint_duration: Text = None
    """An example of an answer: a length of time."""

    form_hint_email: Text = None
    """An example of an answer: an e-mail address."""

    form_hint_phone: Text = None
    """An example of an answer: a telephone number."""

    form_button_skip: Text = None
    """A button: leaves a detail out."""

    form_button_person: Text = None
    """A button: asks for a person."""

    form_button_stop: Text = None
    """A button: ends what was begun."""

    form_button_yes: Text = None
    """A button: yes, this is the value."""

    form_button_no: Text = None
    """A button: no, it is another value."""

    form_button_confirm: Text = None
    """A button: does what was summed up."""

    form_button_change: Text = None
    """A button: changes something of what was summed up."""

    form_propose: Text = None
    """Whether a value that the customer wrote before is meant; `{slot}` is what it is called."""

    form_which: Text = None
    """Which of several values is meant; they stand below as buttons."""

    form_confirm: Text = None
    """Before something is done: what it is, a line for each detail. Buttons stand below."""

    form_change_which: Text = None
    """To who wants to change something; the details stand below as buttons."""

    form_corrected: Text = None
    """When a detail was changed; `{slot}` is what it is called."""

    form_cleared: Text = None
    """After `form_corrected`: details that depend on it and are asked for again."""

    form_stopped: Text = None
    """When a customer has ended what was begun."""

    form_queued: Text = None
    """To who wants something else done as well."""

    form_next: Text = None
    """When what a customer wanted as well begins."""

    form_expired: Text = None
    """When a customer has not answered for too long."""

    form_outdated: Text = None
    """When what a form asks for was changed by an admin while it was open."""

    form_unavailable: Text = None
    """When the shop does not answer."""

    form_outcome_unknown: Text = None
    """When it is not known whether something was done."""

    form_nothing_to_choose: Text = None
    """When there is nothing that could be chosen."""

    form_done: Text = None
    """When something was done and no reply is written for it."""

    form_rehearsed: Text = None
    """In rehearsals: nothing was done; `{call}` is what would be called, or nothing."""

    form_in_private: Text = None
    """In a place where others read, to who wants something personal."""

    form_moved: Text = None
    """In a place where others read, when what is personal goes on in a direct message."""

    form_moved_window: Text = None
    """The same where the platform opens no direct messages; `{button}` is the label of the
    button."""

    form_direct_closed: Text = None
    """In a place where others read, to who takes no direct messages; `{button}` is the label of the
    button."""

    form_answer_in_private: Text = None
    """To who answers where others read what was asked in private; `{button}` is the label of the
    button."""

    form_button_private: Text = None
    """The button that opens a window; at most 24 characters."""

    form_button_answer: Text = None
    """The button that opens a window under a question which one person alone sees."""

    form_window_answer: Text = None
    """In a window: the field for the answer; at most 45 characters."""

    form_window_choose: Text = None
    """In a window: the list of answers to choose from; at most 45 characters."""

    form_waits_for_confirm: Text = None
    """At the end of another answer: what was summed up is still to be confirmed."""

    form_waits_for_proof: Text = None
    """At the end of another answer: the proof of identity is still to be given."""
