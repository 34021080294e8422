"""The ledger of what was tried: a line for each cross-validation, and the tables of it in documents.

usage: run_ledger.py add LEDGER.csv NAME OPTIONS REPEAT      REPEAT: a repetition's folder, with its evaluation.json
       run_ledger.py table LEDGER.csv DOCUMENT.md...         written anew between the lines <!-- runs --> and <!-- /runs -->, put before a card's end
                                                             where it has none
"""

import csv
import json
import pathlib
import sys

START, END = "<!-- runs -->\n", "<!-- /runs -->\n"
CARD_END = "## How this card was made\n"

FIGURES = {
    "image_auc": ("images", "auc"),
    "image_balanced_accuracy": ("images", "balanced_accuracy"),
    "image_ece": ("images", "ece"),
    "patient_auc": ("patients", "auc"),
    "patient_balanced_accuracy": ("patients", "balanced_accuracy"),
    "patient_ece": ("patients", "ece"),
}
BOUNDS = ("", "_low", "_high")

RUNS = """Every run has the same five folds by patient, those of scikit-learn's `StratifiedGroupKFold` with seed 0, no validation set, and its temperature
from the other folds. No gate. Intervals of 95 % from a bootstrap over patients. A run's command is `lobule crossval DATA/breakhis --out OUT
--split folds0.csv --no-validation` with the options beside it; `scripts/breakhis_runs DATA WORK NAME` does it. `docs/breakhis_runs.csv` has more digits.

"""
CURVE = """
The learning curve: the same options with other numbers of folds, so that each model has seen fewer or more of the patients.

"""


def read(ledger: pathlib.Path) -> list[dict[str, str]]:
    if not ledger.exists():
        return []
    with ledger.open(newline="") as file:
        return list(csv.DictReader(file))


def add(ledger: pathlib.Path, name: str, options: str, repeat: pathlib.Path) -> None:
    evaluation = json.loads((repeat / "evaluation.json").read_text())
    row = {"name": name, "options": options, "images": evaluation["images"]["n"], "patients": evaluation["patients"]["n"]}
    for column, (level, figure) in FIGURES.items():
        estimate = evaluation[level]["figures"][figure]
        for bound, value in zip(BOUNDS, (estimate["value"], estimate["low"], estimate["high"]), strict=True):
            row[column + bound] = f"{value:.6g}"
    rows = [old for old in read(ledger) if old["name"] != name] + [row]
    part = ledger.with_suffix(".part")
    with part.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(row), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    part.replace(ledger)


def markdown(heads: list[str], rows: list[list[str]]) -> str:
    return "".join("| " + " | ".join(cells) + " |\n" for cells in (heads, ["---"] * len(heads), *rows))


def estimate(row: dict[str, str], column: str) -> str:
    value, low, high = (f"{float(row[column + bound]):.3f}" for bound in BOUNDS)
    return f"{value} ({low} to {high})"


def name_and_folds(row: dict[str, str]) -> tuple[str, int]:
    name, _, folds = row["name"].partition("/")
    return name, int(folds or 5)


def tables(rows: list[dict[str, str]]) -> str:
    heads = [column.replace("_", " ").replace("auc", "AUC").replace("ece", "ECE") for column in FIGURES]
    runs = [[row["name"], *(estimate(row, column) for column in FIGURES), f"`{row['options']}`"] for row in rows if "/" not in row["name"]]
    text = RUNS + markdown(["run", *heads, "options"], runs)
    curve = []
    for name in sorted({name_and_folds(row)[0] for row in rows if "/" in row["name"]}):
        for row in sorted((row for row in rows if name_and_folds(row)[0] == name), key=lambda row: name_and_folds(row)[1]):
            folds = name_and_folds(row)[1]
            seen = int(row["patients"]) * (folds - 1) / folds
            curve.append([name, str(folds), f"{seen:.0f}", estimate(row, "image_auc"), estimate(row, "image_balanced_accuracy"), estimate(row, "patient_auc")])
    if curve:
        text += CURVE + markdown(["run", "folds", "patients trained on", "image AUC", "image balanced accuracy", "patient AUC"], curve)
    return text


def write_table(ledger: pathlib.Path, document: pathlib.Path) -> None:
    text = document.read_text()
    if START not in text:
        if text.count(CARD_END) != 1:
            raise SystemExit(f"{document}: has no line {START.strip()}, and is no card")
        text = text.replace(CARD_END, f"## What was tried\n\n{START}{END}\n{CARD_END}")
    before, rest = text.split(START)
    after = rest.split(END)[1]
    document.write_text(before + START + tables(read(ledger)) + END + after)


def main(command: str, ledger: str, *rest: str) -> None:
    if command == "add":
        name, options, repeat = rest
        add(pathlib.Path(ledger), name, options, pathlib.Path(repeat))
    elif command == "table":
        for document in rest:
            write_table(pathlib.Path(ledger), pathlib.Path(document))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
