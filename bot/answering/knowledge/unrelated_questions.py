"""Unrelated questions: they calibrate which similarity is meaningless.

The similarity of two unrelated texts depends on the encoder and on how well it knows their
language. These questions, which no article of a company answers, measure it when articles are
indexed.
"""

from __future__ import annotations

from collections.abc import Mapping

EVERYDAY: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Which planet has the most moons?",
        "Who composed the Four Seasons?",
        "How do I say thank you in Japanese?",
        "Can you write a short story about a dragon?",
        "What should I give my grandmother for dinner?",
        "Why is the sky blue?",
        "How do I get a stain out of my carpet?",
        "What is the fastest animal?",
        "Who is going to win the election?",
        "I had a terrible day at work.",
        "Could you fix the bug in my program?",
        "How long does it take to drive to Paris?",
    ),
    "zh": (
        "哪颗行星最大？",
        "为什么天空是蓝色的？",
        "你能写一个关于龙的故事吗？",
        "晚饭做什么菜好？",
        "谁发明了电话？",
        "世界上最快的动物是什么？",
    ),
    "ja": (
        "一番大きい惑星はどれですか？",
        "空はなぜ青いのですか？",
        "龍の話を書いてくれますか？",
    ),
    "ko": (
        "가장 큰 행성은 무엇인가요?",
        "하늘은 왜 파란가요?",
        "용에 대한 이야기를 써 줄래요?",
    ),
    "ru": (
        "Какая планета самая большая?",
        "Почему небо голубое?",
        "Напиши рассказ про дракона.",
    ),
    "ar": (
        "ما هو أكبر كوكب؟",
        "لماذا السماء زرقاء؟",
        "اكتب لي قصة عن تنين.",
    ),
    "hi": (
        "सबसे बड़ा ग्रह कौन सा है?",
        "आसमान नीला क्यों होता है?",
        "मुझे एक अजगर की कहानी लिखो।",
    ),
    "de": (
        "Welcher Planet ist der größte?",
        "Warum ist der Himmel blau?",
        "Schreib mir eine Geschichte über einen Drachen.",
    ),
    "es": (
        "¿Cuál es el planeta más grande?",
        "¿Por qué el cielo es azul?",
        "Escríbeme un cuento de dragones.",
    ),
    "fr": (
        "Quelle est la plus grande planète ?",
        "Pourquoi le ciel est-il bleu ?",
        "Écris-moi une histoire de dragon.",
    ),
}
"""By language; languages of the same script represent each other."""
