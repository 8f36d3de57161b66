"""What the example shop refuses, each with the HTTP status that stands for it."""

from __future__ import annotations


class Refused(Exception):
    """The shop does not do it.

    Attributes:
        status: HTTP status.
        name: The reason in a word.
    """

    def __init__(self, status: int, name: str) -> None:
        super().__init__(name)
        self.status = status
        self.name = name


def not_found() -> Refused:
    """There is nothing of this number for this customer."""
    return Refused(404, "not_found")


def not_possible(name: str = "not_possible") -> Refused:
    """The state of the order does not allow it."""
    return Refused(409, name)


def too_late() -> Refused:
    """The time for it is over."""
    return Refused(410, "too_late")


def invalid(name: str) -> Refused:
    """A value is not usable."""
    return Refused(422, name)


def taken(name: str) -> Refused:
    """It was done before."""
    return Refused(423, name)
