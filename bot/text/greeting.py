"""Greetings at the beginning of a text: found and removed, so that customers are greeted once."""

from __future__ import annotations

from collections.abc import Sequence

_SPACED: Sequence[str] = (
    *("hello", "hi", "hey", "hiya", "good morning", "good afternoon", "good evening", "good day"),
    *("greetings", "welcome", "howdy"),
    *("hallo", "guten tag", "guten morgen", "guten abend", "grüß gott", "grüezi", "servus", "moin"),
    *("willkommen", "herzlich willkommen", "hoi", "goedendag", "goedemorgen", "welkom"),
    *("bonjour", "bonsoir", "salut", "bienvenue", "coucou"),
    *("hola", "buenos días", "buenas tardes", "buenas noches", "buenas", "bienvenido"),
    *("ciao", "buongiorno", "buonasera", "salve", "benvenuto", "benvenuta", "benvenuti"),
    *("olá", "oi", "bom dia", "boa tarde", "boa noite", "bem-vindo"),
    *("hej", "hejsan", "hei", "moi", "cześć", "dzień dobry", "witaj", "witamy", "ahoj"),
    *("dobrý den", "merhaba", "selam", "привет", "здравствуйте", "добрый день", "привіт"),
    *("добрий день", "γεια", "γεια σας", "مرحبا", "שלום", "xin chào", "halo", "selamat datang"),
)
_UNSPACED: Sequence[str] = (
    *("你好", "您好", "嗨", "哈喽", "哈囉", "欢迎", "歡迎", "早上好", "下午好", "晚上好"),
    *("こんにちは", "こんばんは", "おはよう", "ようこそ", "안녕하세요", "안녕", "สวัสดี", "नमस्ते"),
)
_LONGEST_FIRST = sorted((*_SPACED, *_UNSPACED), key=len, reverse=True)
_ENDS_OF_GREETINGS = "!.,;:…~！。，、～—– \n"


def greets(text: str) -> bool:
    """Return whether a text begins with a greeting.

    >>> greets("Hello, and welcome!"), greets("**Hi!**"), greets("您好，欢迎")
    (True, True, True)
    >>> greets("Hiking is fun")
    False
    """
    return _after_greeting(text) is not None


def without_greeting(text: str) -> str:
    """Return a text without the greeting at its beginning, if a mark separates it.

    >>> without_greeting("Hi! I'm Robin."), without_greeting("您好!我是 Robin。")
    ("I'm Robin.", '我是 Robin。')
    >>> without_greeting("Hello from Robin."), without_greeting("I'm Robin.")
    ('Hello from Robin.', "I'm Robin.")
    """
    rest = _after_greeting(text)
    if rest is None or not rest or rest[0] not in _ENDS_OF_GREETINGS.replace(" ", ""):
        return text
    rest = rest.lstrip(_ENDS_OF_GREETINGS)
    return rest[:1].upper() + rest[1:]


def _after_greeting(text: str) -> str | None:
    """Return what follows a greeting; None where there is none."""
    start = next((place for place, each in enumerate(text[:20]) if each.isalpha()), len(text))
    plain = text[start:]
    folded = plain[:40].casefold()
    for greeting in _LONGEST_FIRST:
        if not folded.startswith(greeting.casefold()):
            continue
        rest = plain[len(greeting) :]
        if greeting in _UNSPACED or not (rest[:1].isalnum() or (rest and rest[0] in "-'’_")):
            return rest
    return None
