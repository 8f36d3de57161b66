"""The data sets of `benchmarks.intents`: what is measured on them, and what others reached.

Published: Larson et al. 2019 (CLINC150), Liu et al. 2020 (AUROC on CLINC150), Mehri et al. 2020,
Zhang et al. 2020 and 2021 (Banking77), Arora et al. 2020 (HINT3, whose thresholds were the best in
hindsight, where ours is chosen in training). Shares and correlations in per cent.
"""

from __future__ import annotations

from dataclasses import dataclass

DRAWS = 5
"""Draws of a few-shot set, with the seeds from 0 on."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A figure that is wanted of a data set.

    Attributes:
        measure: What it is called in the table.
        figure: What it is called in `bot.understanding.evaluation.metrics`.
        files: Test files that are judged together, relative to the data folder.
        published: By whom, and how much.
    """

    measure: str
    figure: str
    files: tuple[str, ...]
    published: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set.

    Attributes:
        train: CSV file to train on, relative to the data folder.
        shots: Examples to draw of each intent; 0: all.
        out_of_scope_label: The label that means "none of these intents".
    """

    name: str
    train: str
    wanted: tuple[Wanted, ...]
    shots: int = 0
    out_of_scope_label: str | None = None


def _banking(
    name: str, published: tuple[tuple[str, float], ...], *, shots: int = 0, draw: str = "train"
) -> DataSet:
    test = ("banking77/test.csv",)
    wanted = (
        Wanted("in-scope accuracy", "in_scope_accuracy", test, published),
        Wanted("calibration error", "ece", test),
    )
    return DataSet(name, f"banking77/{draw}.csv", wanted, shots)


_FEW = (("CPFT", 87.20), ("DNNC", 86.71), ("USE+ConveRT", 85.19), ("RoBERTa", 84.27))
_FEWER = (("CPFT", 80.86), ("DNNC", 80.40), ("USE+ConveRT", 77.75), ("RoBERTa", 74.04))
_CLINC = ("clinc150/test.csv",)
_CLINC_OOS = (*_CLINC, "clinc150/oos_test.csv")
_OOS = "banking77_oos/test.csv"
_HINT3 = ("hint3_sofmattress/test.csv",)

SETS = (
    _banking("Banking77, full", (("ConvBERT+MLM+Example", 94.06), ("BERT-large", 93.66))),
    _banking("Banking77, 10-shot", _FEW, shots=10),
    _banking("Banking77, 5-shot", _FEWER, shots=5),
    _banking("Banking77, published 10-shot draw", _FEW, draw="train_10"),
    DataSet(
        "CLINC150",
        "clinc150/train.csv",
        (
            Wanted(
                "in-scope accuracy",
                "in_scope_accuracy",
                _CLINC,
                (("ConvBERT+MLM+Example", 97.31), ("BERT", 96.2)),
            ),
            Wanted("AUROC", "auroc", _CLINC_OOS, (("SNGP", 96.9), ("BERT", 94.2))),
            Wanted("in-scope accuracy at the threshold", "accuracy", _CLINC, (("BERT", 96.2),)),
            Wanted("out of scope refused", "oos_recall", _CLINC_OOS, (("BERT", 52.3),)),
            Wanted("calibration error", "ece", _CLINC),
        ),
        out_of_scope_label="oos",
    ),
    DataSet(
        "Banking77-OOS",
        "banking77_oos/train.csv",
        (
            Wanted("in-scope accuracy", "in_scope_accuracy", (_OOS,)),
            Wanted("AUROC, in-domain", "auroc", (_OOS, "banking77_oos/id_oos_test.csv")),
            Wanted("AUROC, out of domain", "auroc", (_OOS, "banking77_oos/ood_oos_test.csv")),
            Wanted("calibration error", "ece", (_OOS,)),
        ),
        out_of_scope_label="oos",
    ),
    DataSet(
        "500 examples: Banking77-OOS, 10-shot",
        "banking77_oos/train.csv",
        (Wanted("in-scope accuracy", "in_scope_accuracy", (_OOS,)),),
        shots=10,
    ),
    DataSet(
        "HINT3 SOFMattress",
        "hint3_sofmattress/train.csv",
        (
            Wanted(
                "Matthews correlation at the threshold",
                "mcc",
                _HINT3,
                (
                    ("Dialogflow", 63.8),
                    ("BERT", 61.7),
                    ("Haptik", 58.8),
                    ("LUIS", 58.1),
                    ("Rasa", 52.6),
                ),
            ),
            Wanted("answered with 10 % wrong", "coverage_at_10", _HINT3, (("Haptik", 16.0),)),
            Wanted("answered with 20 % wrong", "coverage_at_20", _HINT3, (("Dialogflow", 33.0),)),
            Wanted("answered with 30 % wrong", "coverage_at_30", _HINT3, (("Dialogflow", 53.0),)),
            Wanted("AUROC", "auroc", _HINT3),
            Wanted("wrong of answered", "wrong_of_answered", _HINT3),
            Wanted("answered", "answered", _HINT3),
        ),
        out_of_scope_label="NO_NODES_DETECTED",
    ),
)
