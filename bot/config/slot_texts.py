"""`responder.texts:` why a value that a customer gives is not taken."""

from __future__ import annotations

from bot.config.text_field import Text
from bot.config.types import Section


class SlotTexts(Section):
    """Why the value of a slot is refused; the slot's own `invalid:` goes first."""

    slot_too_small: Text = None
    """To a customer whose number, amount or span of time is below the least; `{min}` is that."""

    slot_too_large: Text = None
    """To a customer whose number, amount or span of time is above the greatest; `{max}` is that."""

    slot_too_long: Text = None
    """To a customer whose text is too long; `{longest}` is how many characters it may have."""

    slot_in_the_past: Text = None
    """To a customer whose date or time is over already."""

    slot_in_the_future: Text = None
    """To a customer whose date or time is still to come, where it must be over."""

    slot_no_such_date: Text = None
    """To a customer who names a day that does not exist, such as 31 February."""

    slot_no_date: Text = None
    """To a customer who gives a time where the day is needed as well."""

    slot_no_time: Text = None
    """To a customer who gives a day where the time is needed as well."""

    slot_not_whole: Text = None
    """To a customer whose number has a fraction, where things are counted."""

    slot_other_currency: Text = None
    """To a customer whose amount is in another currency; `{currency}` is the code of the right one.
    """

    slot_not_an_email: Text = None
    """To a customer whose e-mail address is not one."""

    slot_not_a_phone_number: Text = None
    """To a customer whose telephone number is not one."""
