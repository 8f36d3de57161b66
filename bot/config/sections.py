"""The sections of config.yaml for classifier, GPT, budget, articles, serving and privacy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from bot.config.types import (
    Days,
    Section,
    read_caution,
    read_country,
    read_rate,
    read_share,
    read_switch,
)
from bot.understanding.model.thresholds import Policy, Strictness


class ClassifierConfig(Section):
    """`classifier:` how intents are learned."""

    encoder: str = "embedded"
    """`embedded` (all-MiniLM-L6-v2), `accurate` (all-mpnet-base-v2, by `make accurate-encoder`), a
    local folder, or the id of a BERT or MPNet on the model hub."""

    multilingual: Annotated[str, BeforeValidator(read_switch)] = "embedded"
    """The encoder for messages that are not English: `embedded` (Universal Sentence Encoder
    multilingual v3), a local folder, the id of a multilingual BERT on the model hub, or `off`."""

    threshold: Annotated[Strictness | float, BeforeValidator(read_caution)] = "balanced"
    """From when an intent is answered: `balanced` and `careful` are chosen on the training data;
    or the confidence itself, 0 to 1."""

    max_wrong: Annotated[float | None, BeforeValidator(read_share)] = None
    """Share of the answers that may be wrong, as in `5%`, instead of a threshold; `careful` until
    enough labelled messages bear it out."""

    labelled: Path | None = None
    """CSV file of labelled messages (columns `text` and `label`): every new model judges them, and
    keeps `max_wrong` by them; absent: `frontdesk eval --calibrate FILE` does it for one model."""

    full: Annotated[Literal["off", "auto"], BeforeValidator(read_switch)] = "off"
    """`auto`: a running bot fine-tunes the encoder, too, when intents have rested for a minute."""

    learn_from_traffic: bool = False
    """Learn the messages of customers that `frontdesk learn --from-traffic` labelled and somebody
    approved, beside the examples."""

    seed: int = 0
    """Seed of everything random in training."""

    @property
    def policy(self) -> Policy:
        """What is asked for, as the classifier takes it."""
        return Policy(self.threshold, self.max_wrong)


Amount = Annotated[float, Field(ge=0)]
"""In units of the currency; as a cap, 0: none."""


class BudgetConfig(Section):
    """`budget:` what GPT may cost; beyond a cap articles are quoted until the day is over (UTC)."""

    currency: str = "USD"
    """What amounts are shown in."""

    prompt_price: Amount = 0.25
    """Price of a million tokens that are sent, as of gpt-5-mini."""

    completion_price: Amount = 2.0
    """Price of a million tokens that are answered, as of gpt-5-mini."""

    user_day: Amount = 0.25
    """Cap for each person and day: nobody can spend what the others need."""

    conversation_day: Amount = 0.0
    """Cap for each conversation and day."""

    channel_day: Amount = 0.0
    """Cap for each channel and day."""

    day: Amount = 10.0
    """Cap for each day."""

    reuse: bool = True
    """Give an answer again when an equal question comes, for `retention.answers` days."""


class KnowledgeConfig(Section):
    """`knowledge:` the articles that GPT answers from and that are quoted without it."""

    path: Path | None = None
    """Folder of articles (Markdown, text, HTML, PDF, Word); absent: `knowledge/` beside the
    intents."""


class UnderstandingConfig(Section):
    """`understanding:` what is done to understand a message; each can be switched off."""

    own_questions: bool = True
    """Typed answers to the bot's own questions count as presses of its buttons, a number alone goes
    to what was talked about, and "help", "ok" or "no" get a text of their own."""

    spelling: bool = True
    """Correct the spelling of a message to score it; nobody sees the corrected text."""

    negation: bool = True
    """Requests that are negated are not answered: what is wanted is, or the bot asks."""

    several: bool = True
    """Several requests in one message are answered one by one, in one reply."""

    follow_ups: bool = True
    """A message that leans on what was said before is read together with it; one that names nothing
    new is asked about."""

    articles_first: bool = True
    """An article that answers better than the likeliest intent is quoted instead."""

    feelings: bool = True
    """Read how a customer feels: a frustrated one gets another tone and the offer of a person."""


class SafetyConfig(Section):
    """`safety:` what customers who may be in danger are told."""

    country: Annotated[str | None, BeforeValidator(read_country)] = None
    """ISO 3166 code of the country whose emergency numbers are named, as in `DE`; absent: "your
    local emergency number"."""


class ServeConfig(Section):
    """`serve:` the running service."""

    concurrency: Annotated[int, Field(ge=1, le=256)] = 16
    """Conversations handled at the same time."""

    answer: bool = True
    """False: `frontdesk serve` only takes messages in; `frontdesk worker` answers them, in any
    number of processes on PostgreSQL."""

    shadow: bool = False
    """Customers get no answers: staff read what the bot would say, in their channel."""

    rate_limit: Annotated[str | Literal[False], BeforeValidator(read_rate)] = "300/minute"
    """Messages of one person, as in `20/minute`, beyond which the bot asks once to slow down and
    then only listens; false: no limit."""

    stale_after: Annotated[int, Field(ge=0)] = 60
    """Minutes after which a message gets an apology instead of an answer, and staff a case;
    0: every message is answered, however old."""

    greeting_wait: Annotated[float, Field(ge=0, le=30)] = 2.0
    """Seconds that a mere greeting waits for its question, so that both have one answer;
    0: none."""

    publish: Literal["auto", "tested", "manual"] | None = None
    """When changed intents answer: `auto` at once, `tested` when they pass their own tests,
    `manual` after `frontdesk models promote`; absent: `tested`, and `auto` in `frontdesk chat`."""

    poll: Annotated[float, Field(gt=0, le=3600)] = 5.0
    """Seconds after which changed files are noticed where the file system tells nobody: network."""

    host: str = "127.0.0.1"
    """Address that health and metrics are served on; 0.0.0.0: every one of this machine."""

    port: Annotated[int, Field(ge=0, le=65535)] | None = None
    """Port of health and metrics; absent: 8080, unless it is taken; 0: none."""


class PrivacyConfig(Section):
    """`privacy:` what becomes of personal data."""

    ledger: Path = Path(".frontdesk/erasures.jsonl")
    """File that notes, without names, who was forgotten; keep it apart from backups."""

    names_model: Path | None = None
    """Folder of a spaCy model that finds names beside the rules, as `make names` fetches one."""


class RetentionConfig(Section):
    """`retention:` days after which data is deleted; 0 keeps it for ever."""

    transcripts: Days = 90
    """What was said, and what buttons meant."""

    decisions: Days = 180
    """What was decided and why, without what was said."""

    feedback: Days = 365
    """What customers thought of answers."""

    cases: Days = 365
    """What staff were to look at."""

    actions: Days = 365
    """Writes that customers confirmed, with their values and outcome; undecided ones are kept."""

    wishes: Days = 90
    """What customers want of products."""

    spend: Days = 730
    """What the model provider was paid."""

    answers: Days = 7
    """Answers of GPT that are given again to equal questions."""

    unanswered: Days = 7
    """Questions in channels with `support: true` that the bot did not answer, with personal data
    replaced."""

    audit: Days = 730
    """What staff and admins did."""

    learned: Days = 365
    """Messages of customers that were approved for learning, with personal data replaced."""

    dead_letters: Days = 30
    """Messages that could not be answered."""

    outbox: Days = 7
    """Relayed lines, notices and reminders, once delivered, failed or cancelled."""

    dedupe: Annotated[int, Field(ge=1)] = 7
    """Ids by which a message that is delivered again is known; never shorter than a day."""
