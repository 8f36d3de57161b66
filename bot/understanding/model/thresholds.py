"""From when a message is answered: what an admin asked for, turned into thresholds for a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.understanding.model.calibration import Calibration
from bot.understanding.model.error_bound import ErrorBound, LabelledPredictions, promise


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when a message is answered, or asked about.

    Attributes:
        answer: Confidence from which an intent is answered.
        personal: The same for intents that concern one person's data; never below `answer`.
        ask: Confidence from which it is worth asking; never above `answer`.
        promise: What labelled traffic says of the policy's `max_wrong`; None without one.
    """

    answer: float
    personal: float
    ask: float
    promise: ErrorBound | None = None


def choose(
    policy: Policy, calibration: Calibration, traffic: LabelledPredictions | None
) -> Thresholds:
    """Turn a policy into thresholds.

    Args:
        policy: What is asked for.
        calibration: What training found.
        traffic: What the model made of labelled messages, if there are any; confidence in
            personal intents lowered as `Calibration.lowered` does it.
    """
    if policy.max_wrong is not None:
        return _promised(policy.max_wrong, calibration, traffic)
    if isinstance(policy.threshold, str):
        return _trained(policy.threshold, calibration)
    answer = policy.threshold
    personal = max(calibration.raised(answer), calibration.personal_threshold, answer)
    return Thresholds(answer, personal, min(answer, calibration.ask_threshold))


def _trained(caution: Strictness, calibration: Calibration) -> Thresholds:
    answer = calibration.threshold if caution == "balanced" else calibration.careful_threshold
    return Thresholds(answer, calibration.raised(answer), calibration.ask_threshold)


def _promised(
    max_wrong: float, calibration: Calibration, traffic: LabelledPredictions | None
) -> Thresholds:
    """Keep a promise where traffic bears one out; else be careful and say that it is unknown."""
    given = promise(traffic or LabelledPredictions.none(), max_wrong)
    if given.threshold is None:
        careful = _trained("careful", calibration)
        return Thresholds(careful.answer, careful.personal, careful.ask, given)
    answer = given.threshold
    return Thresholds(
        answer, calibration.raised(answer), min(answer, calibration.ask_threshold), given
    )


Strictness = Literal["balanced", "careful"]
"""`balanced` loses few right answers; `careful` rather asks once too often."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What an admin asked for.

    Attributes:
        threshold: How cautious to be, or the confidence itself from which to answer.
        max_wrong: Share of the answers that may be wrong; replaces the threshold.
    """

    threshold: Strictness | float = "balanced"
    max_wrong: float | None = None


BALANCED = Policy()
