"""Thresholds: the confidence from which a message is answered, by the admin's policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.understanding.model.calibration import Calibration
from bot.understanding.model.error_bound import ErrorBound, LabelledPredictions, error_bound


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Confidence from which a message is answered, or clarified by a question.

    Attributes:
        answer: Confidence from which an intent is answered.
        personal: The same for intents that concern one person's data; never below `answer`.
        ask: Confidence from which the bot asks for clarification; never above `answer`.
        promise: The error bound for the policy's `max_wrong`; None without one.
    """

    answer: float
    personal: float
    ask: float
    error_bound: ErrorBound | None = None


def choose(
    policy: Policy, calibration: Calibration, labelled: LabelledPredictions | None
) -> Thresholds:
    """Return the thresholds of a policy.

    Args:
        policy: The admin's policy.
        calibration: The calibration of the model.
        labelled: The model's predictions for labelled messages, if any, with the confidence in
            personal intents lowered by `Calibration.lowered`.
    """
    if policy.max_wrong is not None:
        return _promised(policy.max_wrong, calibration, labelled)
    if isinstance(policy.threshold, str):
        return _trained(policy.threshold, calibration)
    answer = policy.threshold
    personal = max(calibration.raised(answer), calibration.personal_threshold, answer)
    return Thresholds(answer, personal, min(answer, calibration.ask_threshold))


def _trained(caution: Strictness, calibration: Calibration) -> Thresholds:
    answer = calibration.threshold if caution == "balanced" else calibration.careful_threshold
    return Thresholds(answer, calibration.raised(answer), calibration.ask_threshold)


def _promised(
    max_wrong: float, calibration: Calibration, labelled: LabelledPredictions | None
) -> Thresholds:
    """Use the threshold that keeps the error bound; while it is unknown, that of `careful`."""
    given = error_bound(labelled or LabelledPredictions.none(), max_wrong)
    if given.threshold is None:
        careful = _trained("careful", calibration)
        return Thresholds(careful.answer, careful.personal, careful.ask, given)
    answer = given.threshold
    return Thresholds(
        answer, calibration.raised(answer), min(answer, calibration.ask_threshold), given
    )


Strictness = Literal["balanced", "careful"]
"""`balanced` loses few right answers; `careful` asks more often to avoid wrong ones."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The admin's settings for thresholds.

    Attributes:
        threshold: A strictness, or the confidence from which to answer.
        max_wrong: Maximum share of wrong answers; replaces `threshold`.
    """

    threshold: Strictness | float = "balanced"
    max_wrong: float | None = None


BALANCED = Policy()
