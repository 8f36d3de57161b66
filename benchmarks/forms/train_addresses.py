"""Trains the tagger of `type: address`: python -m benchmarks.forms.train_addresses.

Addresses are made up by Faker and from parts below; sentences around them stand in
`address_lines.yaml`; lines without an address are those that Frontdesk's own heads learn from.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from faker import Faker
from ruamel.yaml import YAML

from bot.answering.forms.extraction import address_tagger
from bot.answering.forms.extraction.address_tagger import BEGINS, INSIDE, OUTSIDE
from bot.answering.forms.extraction.tokens import Answer, answer
from bot.understanding.model.shipped_examples import alternatives, shipped_lines

LINES = Path(__file__).parent / "address_lines.yaml"
OUT = Path(address_tagger.__file__).parent / address_tagger.WEIGHTS

LOCALES = {
    "en": ("en_GB", "en_US"),
    "de": ("de_DE", "de_AT"),
    "nl": ("nl_NL", "nl_BE"),
    "fr": ("fr_FR",),
    "es": ("es_ES", "es_MX"),
    "it": ("it_IT",),
    "pl": ("pl_PL",),
    "pt-BR": ("pt_BR",),
    "tr": ("tr_TR",),
    "zh": ("zh_CN",),
    "ja": ("ja_JP",),
}
EACH = {"en": 1500, "de": 900, "nl": 700, "fr": 700, "es": 700, "zh": 700}
OTHERS = 300
MOST, EACH_OTHER = 200, 12
"""Lines of a kind without an address, and values of other types."""

HEADS = ("", "", "it's ", "number ", "tel. ", "my number is ", "I paid ", "on ", ": ", "= ")
TAILS = ("", "", " please", ", after six", ", thanks", " and 40", ", order 5512", ".")
ROUNDS, LEAST = 6, 3
SEED = 17

_KINDS = "Lane Close Road Street Way Court Yard Terrace Gardens Mews Hill Row Square Drive Avenue"
_KINDS += " Crescent Place Green Park Cottages Villas Walk Grove Rise View Wharf Parade Quay"
_HOUSES = "Smithy Mill Cottage Barn Lodge Rectory Vicarage Stables Farm Chapel Granary Bakery"
_ENDINGS = "by ton ham ley ford worth mouth bury wick field stead bridge"
_UNITS = "Flat Unit Apartment Apt Suite Room Block Studio"

_Example = tuple[Answer, str, list[int]]


def _english(fake: Faker, some: random.Random) -> str:
    town = fake.last_name() + some.choice(_ENDINGS.split()) if some.random() < 0.6 else fake.city()
    town = some.choice(("", "", "Little ", "Great ", "North ", "Upper ")) + town.capitalize()
    plain = some.choice(("Mill", "Station", "High", "Ferry"))
    names = (
        fake.last_name(),
        fake.first_name(),
        plain,
        some.choice(("Black Horse", "Windmill", "Old School", "Market", "Church")),
    )
    owner = some.choice(names) + some.choice(("", "", "", "'s"))
    street = f"{owner} {some.choice(_KINDS.split())}"
    house = some.choice(("The Old ", "The ", f"{fake.last_name()} ", "Rose "))
    house += some.choice(_HOUSES.split())
    number = str(some.randint(1, 260)) + some.choice(("", "", "", "a", "b", "C"))
    unit = f"{some.choice(_UNITS.split())} {some.randint(1, 40)}{some.choice(('', '', 'b', 'c'))}"
    unit += some.choice(("", "", "", " (side door)", " (rear)", " (2nd floor)"))
    first = some.choice((f"{number} {street}", f"{number} {street}", f"{house}, {street}"))
    if some.random() < 0.3:
        first = f"{unit}, {number} {street}"
    if some.random() < 0.1:
        first = f"c/o {fake.last_name()}, {first}"
    return _ends(first, town, fake.postcode(), some)


def _ends(first: str, town: str, code: str, some: random.Random) -> str:
    joint = some.choice((", ", ", ", ", ", " "))
    tail = some.choice((town, f"{town} {code}", f"{town}, {code}", f"{town}{joint}{code}"))
    return first if some.random() < 0.08 else f"{first}{joint}{tail}"


def _continental(language: str) -> Callable[[Faker, random.Random], str]:
    """Return what makes up addresses as a language writes them: number behind or before."""
    floors = {
        "de": ("Hinterhaus", "2. Stock", "3. OG", "bei Klinger", "c/o Weber"),
        "nl": ("2 hoog", "bus 4", "3e verdieping", "t.a.v. Jansen"),
        "fr": ("bâtiment B", "2e étage", "appartement 12", "chez Dupont", "escalier C"),
        "es": ("2º B", "3º izquierda", "bajo", "portal 4", "1º dcha", "piso 3"),
        "it": ("scala B", "interno 4", "2º piano"),
        "pl": ("m. 12", "klatka B"),
        "pt-BR": ("apto 42", "bloco B", "casa 2"),
        "tr": ("kat 3", "daire 12", "no 4"),
    }[language]
    before = language == "fr"

    def made(fake: Faker, some: random.Random) -> str:
        street = fake.street_name()
        if language == "es" and some.random() < 0.6:
            street = f"Calle {some.choice((fake.first_name(), fake.last_name(), 'de los Pinos'))}"
        if language == "de" and some.random() < 0.6:
            kinds = ("straße", "weg", "gasse", "str.", "platz", "allee", "strasse")
            street = fake.last_name() + some.choice(kinds)
        if language == "nl" and some.random() < 0.6:
            street = fake.last_name().split()[-1].capitalize()
            street += some.choice(("straat", "weg", "laan", "plein", "singel", "kade"))
        if language == "fr" and some.random() < 0.6:
            kind = some.choice(
                ("rue des", "avenue", "place du", "quai", "impasse des", "rue de la")
            )
            street = f"{kind} {some.choice((fake.last_name(), 'Tilleuls', 'Gare', 'Moulin'))}"
        number = str(some.randint(1, 180)) + some.choice(("", "", "", "a", " bis" * before, "-3"))
        comma = some.choice(("", "", ",")) if before or language in ("es", "it", "pt-BR") else ""
        first = f"{number}{comma} {street}" if before else f"{street}{comma} {number}"
        if some.random() < 0.25:
            first += f", {some.choice(floors)}"
        town, code = fake.city(), fake.postcode()
        joint = some.choice((", ", ", ", ", ", " "))
        tail = some.choice((f"{code} {town}", f"{code} {town}", town))
        return first if some.random() < 0.08 else f"{first}{joint}{tail}"

    return made


def _of_faker(fake: Faker, some: random.Random) -> str:
    return some.choice((", ", " ")).join(fake.address().splitlines())


def _chinese(fake: Faker, some: random.Random) -> str:
    parts = [some.choice(("", fake.province())), fake.city_name() + some.choice(("市", "市", ""))]
    parts += [some.choice(("", f"{fake.city_name()}区", f"{fake.last_name()}{fake.last_name()}区"))]
    road = fake.last_name() + fake.first_name()[-1:] + some.choice("路街道巷")
    parts += [road, f"{some.randint(1, 300)}{some.choice(('号', '号', '弄'))}"]
    room = (
        f"{some.randint(1, 30)}号楼",
        f"{some.randint(101, 1800)}室",
        f"{some.randint(1, 9)}单元",
    )
    return "".join(parts) + some.choice(("", "", *room, f"{room[0]}{room[1]}"))


def _made_up(language: str, fakes: Sequence[Faker], some: random.Random) -> str:
    fake = some.choice(fakes)
    made: Callable[[Faker, random.Random], str] = _of_faker
    if language == "en":
        made = _english if some.random() < 0.75 else _of_faker
    elif language == "zh":
        made = _chinese if some.random() < 0.8 else _of_faker
    elif language != "ja":
        made = _continental(language) if some.random() < 0.85 else _of_faker
    text = " ".join(made(fake, some).split())
    return text.lower() if some.random() < 0.15 else text


def _examples(some: random.Random) -> Iterator[_Example]:
    around = YAML(typ="safe").load(LINES.read_text("utf-8"))
    for language, locales in LOCALES.items():
        fakes = [Faker(each) for each in locales]
        for fake in fakes:
            fake.seed_instance(SEED)
        before, after = (around[language][key].splitlines() for key in ("before", "after"))
        for _ in range(EACH.get(language, OTHERS)):
            place = _made_up(language, fakes, some)
            head = some.choice(before) if some.random() < 0.65 else ""
            tail = some.choice(after) if some.random() < 0.55 else ""
            apart = "" if language in ("zh", "ja") else " "
            joint = "" if tail[:1] in {",", ".", "，", "。"} else apart
            head = head.capitalize() if some.random() < 0.4 else head
            yield _marked(head + apart * bool(head), place, joint * bool(tail) + tail, language)
    yield from _without(some)


def _marked(head: str, place: str, tail: str, language: str) -> _Example:
    said = answer(head + place + tail)
    start = len(answer(head).tokens)
    end = len(answer(head + place).tokens)
    labels = [INSIDE if start < at < end else OUTSIDE for at in range(len(said.tokens))]
    labels[start] = BEGINS
    return said, language, labels


def _without(some: random.Random) -> Iterator[_Example]:
    """Yield lines in which there is no address."""
    for name, kinds in {
        "dialogue_acts.yaml": ("skip", "stop", "why", "repeat", "elsewhere", "values", "idle"),
        "reasons.yaml": ("fit", "fault", "different", "unwanted"),
        "clauses.yaml": ("negated", "requests", "background"),
    }.items():
        for kind in kinds:
            for language, lines in shipped_lines(name)[kind].items():
                texts = [text for line in lines for text in alternatives(line)]
                for text in some.sample(texts, min(len(texts), MOST)):
                    yield from _outside(text, language)
    for language, locales in LOCALES.items():
        fake = Faker(locales[0])
        fake.seed_instance(SEED)
        for made in (
            fake.phone_number,
            fake.email,
            fake.date,
            fake.pricetag,
            fake.ean8,
        ) * EACH_OTHER:
            head, tail = some.choice(HEADS), some.choice(TAILS)
            yield from _outside(f"{head}{made()}{tail}", language)


def _outside(text: str, language: str) -> Iterator[_Example]:
    said = answer(text)
    if said.tokens:
        yield said, language, [OUTSIDE] * len(said.tokens)


def train(seed: int = SEED) -> dict[str, list[float]]:
    """Return the weights of an averaged perceptron (Collins 2002)."""
    some = random.Random(seed)  # noqa: S311 - examples, no secrets
    rows = [
        (address_tagger.features(said, language), labels)
        for said, language, labels in _examples(some)
    ]
    weights: dict[str, list[float]] = defaultdict(lambda: [0.0] * 3)
    totals: dict[str, list[float]] = defaultdict(lambda: [0.0] * 3)
    counts: dict[str, int] = defaultdict(int)
    step = 0
    for _ in range(ROUNDS):
        some.shuffle(rows)
        for found, labels in rows:
            step += 1
            guessed = _tagged(weights, found)
            if guessed != labels:
                _change(weights, totals, counts, step, found, labels, +1)
                _change(weights, totals, counts, step, found, guessed, -1)
    return {
        name: [round(row[label] - totals[name][label] / step, 2) for label in range(3)]
        for name, row in weights.items()
        if counts[name] >= LEAST or name.startswith("t")
    }


def _tagged(weights: dict[str, list[float]], found: Sequence[Sequence[str]]) -> list[int]:
    scored = [
        [sum(weights[each][label] for each in at if each in weights) for label in range(3)]
        for at in found
    ]
    transitions = [weights[address_tagger.transition(before)] for before in range(3)]
    return address_tagger.best_labels(scored, transitions)


def _change(
    weights: dict[str, list[float]],
    totals: dict[str, list[float]],
    counts: dict[str, int],
    step: int,
    found: Sequence[Sequence[str]],
    labels: Sequence[int],
    by: int,
) -> None:
    for place, label in enumerate(labels):
        names = list(found[place])
        if place:
            before = address_tagger.transition(labels[place - 1])
            weights[before][label] += by
            totals[before][label] += step * by
        for name in names:
            weights[name][label] += by
            totals[name][label] += step * by
            counts[name] += by > 0


if __name__ == "__main__":
    learned = {name: row for name, row in sorted(train().items()) if any(row)}
    written = ",\n".join(
        f"{json.dumps(k, ensure_ascii=False)}: {row}" for k, row in learned.items()
    )
    OUT.write_text("{" + written + "}\n", encoding="utf-8")
    print(f"{len(learned)} features, {OUT.stat().st_size:,} bytes")
