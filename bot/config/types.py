"""Value types of config.yaml: how they are parsed and validated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, get_args
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from bot.config.emergency_numbers import NUMBERS
from bot.understanding.language.tags import canonical, suggestion
from bot.understanding.model.thresholds import Strictness
from bot.yamlfile import mistake, without_comma

MIN_SHARE = 0.001
"""Verifying a smaller share of wrong answers would take thousands of labels."""

Wording = str | dict[str, str]
"""Text in the default language, or by language tag."""


def read_tag(text: str) -> str:
    """Return a language tag in its canonical spelling."""
    tag = canonical(text)
    if tag is None:
        raise mistake(f'"{text}" is not a language tag', suggestion(text))
    return tag


def read_wording(value: object) -> object:
    """Return a wording with its language tags in canonical spelling."""
    if isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
        return {read_tag(tag): text for tag, text in value.items()}
    if isinstance(value, (dict, list)):
        raise mistake("neither a text nor texts by language", "write `en: ...` lines below it")
    return value


def read_variable(name: str) -> str:
    """Validate the name of an environment variable."""
    if not name.isidentifier() or not name.isascii() or _looks_random(name):
        raise mistake(
            "not the name of an environment variable",
            "write the name of the variable that holds the secret, not the secret",
        )
    return name


def read_address(url: str, *schemes: str) -> str:
    """Validate the address of a server; one with a secret in it is refused without being quoted."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        raise mistake("no address of a server", _ADDRESS.format(schemes[-1])) from None
    if parts.username is not None or parts.password is not None:
        raise mistake(
            "a user name or password in the address",
            "take it out: the address is no secret, and the token comes from the environment",
        )
    if not fine or parts.query or parts.fragment or any(each.isspace() for each in url):
        raise mistake("no address of a server", _ADDRESS.format(schemes[-1]))
    return url


_ADDRESS = "write it as {}://HOST/PATH, without ? and #"


def _looks_random(name: str) -> bool:
    """Return whether part of a name looks like a pasted key: long, letters and digits mixed."""
    return any(
        len(part) >= 16
        and (any(sign.isdigit() for sign in part) or not (part.isupper() or part.islower()))
        for part in name.split("_")
    )


def read_database(url: str) -> str:
    """Validate the URL of a database; errors never quote a password in it."""
    scheme, separator, rest = url.partition("://")
    backend = scheme.partition("+")[0]
    place = rest.partition("@")[2] or rest
    if not separator:
        raise mistake("not the address of a database", "write sqlite:///PATH, as in sqlite:///a.db")
    if backend == "postgres":
        raise mistake('"postgres" is not known', "begin the address with postgresql://")
    if backend not in ("sqlite", "postgresql"):
        raise mistake(
            f'"{scheme}" is no database that Frontdesk can use',
            "write sqlite:///PATH or postgresql://USER@HOST/NAME",
        )
    if backend == "sqlite" and place and not rest.startswith("/"):
        raise mistake("the path needs a third slash", "write sqlite:///PATH")
    if backend == "postgresql" and not place.partition("?")[0].partition("/")[2]:
        raise mistake("no database is named", "write postgresql://USER@HOST/NAME")
    return url


def read_rate(value: object) -> object:
    """Validate a rate limit in the syntax of the `limits` library, or false."""
    if value is False:
        return value
    from limits import parse_many

    try:
        (limit,) = parse_many(str(value))
    except ValueError:
        limit = None
    if limit is None or limit.amount < 1:
        raise mistake(f'"{value}" is no rate', "write for example 20/minute, or false for no limit")
    return value


def read_mode(value: object) -> object:
    """Parse a file mode as `chmod` accepts it; modes with rights for others are refused."""
    text = str(value)
    try:
        mode = value if isinstance(value, int) else int(text, 8)
    except ValueError:
        mode = 0
    if mode & ~0o660 or mode & 0o600 != 0o600:
        remedy = 'write "0600" for the owner alone, "0640" to let a group read, or "0660"'
        raise mistake(f'"{text}" is no mode of a database', remedy)
    return mode


def read_served(value: object) -> object:
    """Let a list of languages through, each named once."""
    if value is None:
        return value
    if not isinstance(value, (list, tuple)) or not value:
        raise mistake("no list of languages", "write for example [en, de], or delete the line")
    tags = [canonical(each) or each if isinstance(each, str) else each for each in value]
    for tag in tags:
        if tags.count(tag) > 1:
            raise mistake(f'"{tag}" stands there twice', "name it once")
    return tuple(tags)


def read_switch(value: object) -> object:
    """Read `off` as a string, although YAML reads it as false."""
    return "off" if value is False else value


def read_country(value: object) -> object:
    """Validate the code of a country whose emergency numbers are known."""
    if value is None or value is False:  # YAML reads `no`, which is Norway, as false
        return "NO" if value is False else None
    code = str(value).strip().upper()
    if code not in NUMBERS:
        raise mistake(
            f'the emergency numbers of "{value}" are not known',
            f"write one of {', '.join(NUMBERS)}, or delete the line",
        )
    return code


def read_caution(value: object) -> object:
    """Validate the name of a threshold, or a confidence."""
    if value in get_args(Strictness):
        return value
    number = _number(value)
    if number is None or not 0 <= number <= 1:
        meant = without_comma(str(value))
        remedy = (
            f"write {meant}" if meant else "write balanced, careful, or a confidence from 0 to 1"
        )
        raise mistake(f'"{value}" is no threshold', remedy)
    return number


def read_share(value: object) -> object:
    """Parse a share of the answers, in per cent or as a fraction of 1."""
    return value if value is None else _share(value, "answers")


def read_limit_of_messages(value: object) -> object:
    """Parse a share of the messages, or `false` for no limit."""
    return value if value is False or value is None else _share(value, "messages")


def _share(value: object, of: str) -> float:
    text = str(value).strip()
    number = _number(text.removesuffix("%"))
    share = number / 100 if number is not None and text.endswith("%") else number
    if share is None or not MIN_SHARE <= share < 1:
        remedy = f"write {without_comma(text) or 'for example 5%'}"
        raise mistake(f'"{value}" is no share of the {of}', remedy)
    return share


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


Tag = Annotated[str, AfterValidator(read_tag)]
VariableName = Annotated[str, AfterValidator(read_variable)]


class Section(BaseModel):
    """A section of config.yaml: unknown keys are errors, values are immutable."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,  # it may be a secret
    )

    @model_validator(mode="before")
    @classmethod
    def _empty_means_default(cls, value: object) -> object:
        return without_empty(value, cls)


def without_empty(value: object, model: type[BaseModel]) -> object:
    """Drop known keys without a value from a mapping."""
    if not isinstance(value, dict):
        return value
    return {key: each for key, each in value.items() if each is not None or not _has(model, key)}


def _has(model: type[BaseModel], key: object) -> bool:
    return any(key in (name, field.alias) for name, field in model.model_fields.items())


def read_id(value: object) -> object:
    """Accept ids without quotes, even where they are numbers."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _is_id(text: str) -> str:
    if text[:1] in "#@<" or "/" in text or text.split() != [text]:
        raise mistake(f'"{text}" is no id', COPY_ID)
    return text


def _is_channel(text: str) -> str:
    """Refuse channel names: ids contain digits, or capital letters only."""
    if any(sign.isalpha() and not sign.isupper() for sign in text) and not _has_digits(text):
        raise mistake(f'"{text}" is the name of a channel, not its id', COPY_ID)
    return text


def _has_digits(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


COPY_ID = "copy the id, as the platform shows it"

PlatformId = Annotated[str, BeforeValidator(read_id), AfterValidator(_is_id)]
ChannelId = Annotated[PlatformId, AfterValidator(_is_channel)]
DatabaseUrl = Annotated[str, AfterValidator(read_database)]


Days = Annotated[int, Field(ge=0)]
"""Days that data is kept; 0: for ever."""


def database_in(folder: Path, url: str) -> str:
    """Resolve the path in a SQLite URL relative to a folder.

    >>> database_in(Path("/srv/desk"), "sqlite:///frontdesk.db")
    'sqlite:////srv/desk/frontdesk.db'
    """
    scheme, separator, path = url.partition(":///")
    relative = scheme.startswith("sqlite") and separator and not path.startswith(("/", ":", "file"))
    return f"{scheme}{separator}{folder / path}" if relative and path else url
