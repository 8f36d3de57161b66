"""In which languages a corpus has examples."""

from __future__ import annotations

from bot.understanding.corpus import Corpus, CorpusIntent, Example, taught_languages


def test_a_language_is_taught_when_half_of_the_intents_have_examples_in_it() -> None:
    english, german, french = Example("hi"), Example("hallo", "de-AT"), Example("salut", "fr")
    corpus = Corpus(
        (
            CorpusIntent("a", (english, german, french)),
            CorpusIntent("b", (english, german)),
            CorpusIntent("c", (english,)),
        )
    )

    assert taught_languages(corpus) == ["de", "en"]


def test_an_empty_corpus_teaches_no_language() -> None:
    assert taught_languages(Corpus(())) == []
