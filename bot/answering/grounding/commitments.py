"""Commitments: finds sentences that promise something or claim that it has been done.

Companies have been held to the promises of their bots. A passage states what the company does in
general; only the result of a tool proves that something was done for this customer.

Belongs to `gpt.answers: rephrase`.
"""

from __future__ import annotations

import re
from enum import StrEnum

from bot.answering.grounding.bounds import bounded


class Commitment(StrEnum):
    """What a sentence commits the company to.

    `DONE` claims that something has been done, or is being done, for this customer; `OWN` promises
    in the speaker's own name, or confirms an alleged promise of somebody; `PROMISE` promises what
    the company's rules may support.
    """

    DONE = "done"
    OWN = "own"
    PROMISE = "promise"


_ACT = (
    "refund|reimburs|credit|cancel|ship|send|replac|waiv|extend|chang|updat|book|arrang|process"
    "|issu|compensat|giv|grant"
    "|mak|pay|discount|call|escalat|forward|open|creat|reserv|reopen|add|remov|delet|appl|approv"
    "|confirm|deliver"
    "|upgrad|honou?r|accept|allow|offer|provid|cover|deduct|transfer|return|exchang|repair|fix"
    "|check|submit|register"
    "|schedul|prioriti[sz]|expedit|speed|put|set|take|let|hold|email|mail|write|match|lower|reduc"
    "|transmit|notif|inform"
)
_PAST = (
    "refunded|reimbursed|credited|cancell?ed|shipped|sent|replaced|waived|extended|changed|updated"
    "|booked|arranged|processed"
    "|issued|compensated|given|granted|made|paid|discounted|called|escalated|forwarded|opened"
    "|created|reserved|added"
    "|removed|deleted|applied|approved|confirmed|upgraded|honou?red|transferred|scheduled"
    "|submitted|registered|initiated"
    "|started|triggered|placed|noted|logged|raised|informed|notified|accepted|activated|unlocked"
    "|reset|fixed|dispatched"
)
_US = (
    r"(?:I|we|our (?:team|staff)|(?:a|my|your|the|our) (?:colleagues?|manager|supervisor|agent)"
    r"|someone|somebody)"
)
_SOON = r"(?:will|shall|'ll|am going to|are going to|is going to|'re going to|'m going to)"
_ADVERBS = (
    r"(?:\s+(?:just|already|now|gladly|happily|immediately|personally|also|certainly|of course"
    r"|then|be|not|happily|definitely|surely|still|even|always|instantly|absolutely|right away"
    r"|for you|you|your|it|that|this|go ahead and))*"
)

_DONE = re.compile(
    rf"\b(?:I|we)(?:'ve| have)\b{_ADVERBS}\s+(?:{_PAST})\b"
    rf"|\b(?:I|we)\s+(?:just |already |now |hereby )+(?:{_PAST})\b"
    rf"|\bI\s+(?:{_PAST})\b"
    rf"|\byour\b[^.;]{{0,60}}?\b(?:has|have|was|were|is|are|'s)(?: now| just| already| been| being"
    rf"| hereby| successfully)*\s+(?:{_PAST})\b"
    rf"|\b(?:I am|I'm|we're|I'm now|we are (?:now|currently|already))\s+(?:now |currently "
    rf"|already )?\w+ing\b"
    rf"|\b(?:is|are) (?:already |now )?(?:on its way|on their way|under ?way|in progress"
    rf"|being (?:processed|prepared))\b"
    rf"|\b(?:consider it|it(?:'s| is| has been)|all|that(?:'s| is)) (?:all )?(?:done|taken care of"
    rf"|sorted|arranged|settled)\b"
    rf"|已(?:经)?(?:为|帮|给|替)[您你]|(?:为|帮|给|替)[您你].{{0,8}}(?:了|好了|完成)|我们?(?:已|刚|刚刚|这边已)"
    rf"|已(?:经)?(?:取消|退款|退还|办理|处理|补发|批准|同意|确认|安排|申请|提交|登记|通知|升级|延长|免除)"
    rf"|[您你]的.{{1,12}}已(?:经)?|正在(?:为|帮|给|替)[您你]"
    rf"|\b(?:ich|wir) haben?\b[^.]{{0,60}}\b(?:erstattet|storniert|geschickt|gesendet|verlängert"
    rf"|geändert|gebucht|veranlasst|genehmigt)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    rf"\bI\s*(?:{_SOON}|can|could|may|would|'d)\b{_ADVERBS}\s+(?:{_ACT})\w*"
    rf"|\b(?:I|we)\s+(?:hereby\s+|can\s+|do\s+|fully\s+)*(?:promise|guarantee|assure|swear|confirm"
    rf"|vouch|commit|pledge|undertake)\b"
    rf"|\blet me\s+(?:{_ACT})\w*|\b(?:make|makes|making|made|grant|grants|granted) (?:you |an |a "
    rf"|this |one )*exceptions?\b|\bas an exception\b|\bjust (?:for you|this once)\b"
    rf"|\byou (?:have|can have) (?:my|our) word\b|\brest assured\b|\bI(?:'ll| will) (?:make sure"
    rf"|see to it|take care)\b"
    rf"|\bcolleagues?(?:'s|s')?\b[^.]{{0,40}}\b(?:promis|said|says|told|tells|agree|offer|assur"
    rf"|confirm|right|stand|valid|honou?r)\w*"
    rf"|\b(?:promises?|agreement|offer|word|arrangement|commitment)\b[^.]{{0,30}}\b(?:stands?"
    rf"|holds?|valid|honou?red|applies|counts|binding|kept)\b"
    rf"|\bwe(?:'ll| will)? (?:stand by|honou?r|keep|stick to)\b"
    rf"|(?:我|我们|小编|这边)(?:可以|能|会|将|来|这就|马上|立即|立刻)?(?:为|帮|给|替)[您你]|保证|承诺|请?放心|破例|特批|例外处理"
    rf"|同事.{{0,12}}(?:答应|承诺|说|有效|算数|同意)|(?:承诺|约定|说法).{{0,6}}(?:有效|算数|成立)"
    rf"|\b(?:ich|wir) (?:garantieren?|versprechen?|sichern?)\b|\bich (?:werde|kann)\b",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    rf"\b{_US}\s*{_SOON}\b{_ADVERBS}\s+(?:{_ACT})\w*"
    rf"|\byou\s*{_SOON}(?:\s+(?:also|then|still|even|certainly|definitely|automatically"
    rf"|soon))*\s+(?:get|receive|have|be|see|find|hear|earn|own|not (?:be|have|pay))\b"
    rf"|\b(?:{_SOON})\s+be\s+(?:{_PAST}|yours|free|there|with you)\b"
    rf"|\byour\s+(?:[\w-]+\s+){{1,3}}{_SOON}\b"
    rf"|(?:我们?|我司|本店|客服|同事)(?:会|将|马上|立即|立刻|一定)|(?:会|将)(?:为|给|帮|替|向)[您你]|[您你](?:会|将)(?:收到|得到|获得|拿到)"
    rf"|\bwir werden\b|\b(?:Sie|du) (?:werden|wirst|bekommen|erhalten)\b",
    re.IGNORECASE,
)


_CASE = re.compile(
    r"\b(?:once|as soon as|when|after|before|if|until|unless)\s[^,;.]*(?:,|$)", re.IGNORECASE
)
"""A clause of time or condition: it claims nothing done."""


@bounded
def commitment(text: str) -> Commitment | None:
    """Return what a sentence commits the company to, if anything.

    >>> [commitment(t) for t in ("I have cancelled it.", "We will refund you.", "Boots are warm.")]
    [<Commitment.DONE: 'done'>, <Commitment.PROMISE: 'promise'>, None]
    """
    if _DONE.search(_CASE.sub(";", text)):
        return Commitment.DONE
    if _OWN.search(text):
        return Commitment.OWN
    return Commitment.PROMISE if _PROMISE.search(text) else None
