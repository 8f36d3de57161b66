from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.intents import draw
from bot.understanding.evaluation.evaluate import LabelledText

LABELS = st.lists(st.sampled_from("abc"), min_size=1, max_size=30)


@given(labels=LABELS, shots=st.integers(1, 10), seed=st.integers(0, 4))
def test_a_draw_takes_so_many_rows_of_each_label_in_the_order_of_the_file(
    labels: list[str], shots: int, seed: int
) -> None:
    rows = [LabelledText(str(position), label) for position, label in enumerate(labels)]

    drawn = draw(rows, shots, seed)

    counts = Counter(labels)
    assert Counter(row.label for row in drawn) == {a: min(n, shots) for a, n in counts.items()}
    assert list(dict.fromkeys(row.label for row in drawn)) == list(dict.fromkeys(labels))
    for label in counts:
        positions = [int(row.text) for row in drawn if row.label == label]
        assert positions == sorted(positions)
    assert drawn == draw(rows, shots, seed)
