"""`gpt.chooser: ranking`: the sentences nearest to the question are shown, and no GPT is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answering.generation.factory import SMALL, is_ranked
from bot.config.schema import GptConfig
from tests.answering.selection.conftest import SelectingDesk


async def test_the_nearest_sentences_of_one_article_are_shown_word_for_word(
    ranking: SelectingDesk,
) -> None:
    answered = await ranking.ask("how long is the pool?")
    assert answered.kind == "quoted"
    assert "It is 25 metres long and has four lanes." in answered.text
    assert "€15" not in answered.text
    assert answered.sources == ("Using the pool",)
    assert "sentences nearest to the question" in answered.reasons[-1]


async def test_each_part_of_a_question_gets_its_sentences(ranking: SelectingDesk) -> None:
    answered = await ranking.ask("how long is the pool? and what does a guest pay?")
    assert "25 metres" in answered.text
    assert "€15. However, Plus members bring two guests a month for free." in answered.text
    assert set(answered.sources) == {"Using the pool", "Guest passes"}


async def test_what_no_article_is_about_is_not_known(ranking: SelectingDesk) -> None:
    answered = await ranking.ask("who won the election in Peru")
    assert (answered.kind, answered.sources) == ("unknown", ())


@pytest.mark.parametrize(
    ("size", "settings", "ranked"),
    [
        (SMALL - 1, {}, True),
        (SMALL, {}, False),
        (SMALL - 1, {"chooser": "model"}, False),
        (SMALL, {"chooser": "ranking"}, True),
        (SMALL - 1, {"answers": "rephrase", "judge": "other"}, False),
        (SMALL, {"chooser": "ranking", "answers": "rephrase", "judge": "other"}, False),
    ],
)
def test_the_ranking_takes_the_place_of_a_small_local_model(
    tmp_path: Path, size: int, settings: dict[str, str], ranked: bool
) -> None:
    file = tmp_path / "model.gguf"
    with file.open("wb") as sparse:
        sparse.truncate(size)
    config = {"provider": "local", "model_path": file, **settings}
    assert is_ranked(GptConfig.model_validate(config)) == ranked


def test_a_model_at_a_server_chooses_and_so_does_a_file_that_is_missing() -> None:
    missing = {"provider": "local", "model_path": "missing.gguf"}
    assert not is_ranked(GptConfig(base_url="http://127.0.0.1:1/v1"))
    assert not is_ranked(GptConfig.model_validate(missing))
