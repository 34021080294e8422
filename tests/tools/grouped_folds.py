"""Folds by patient as scikit-learn draws them, to compare with other software on the same ones.

usage: grouped_folds.py MANIFEST.csv SEED OUT.csv [FOLDS]
MANIFEST.csv has the columns path, label and patient. OUT.csv has them and fold: StratifiedGroupKFold with FOLDS folds (5), shuffled by SEED, rows in
the manifest's order; `lobule crossval DATA --split OUT.csv` takes it.
"""

import csv
import sys

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold


def main(manifest: str, seed: str, out: str, folds: str = "5") -> None:
    with open(manifest, newline="") as file:
        rows = list(csv.DictReader(file))
    labels = np.array([row["label"] for row in rows])
    patients = [row["patient"] for row in rows]
    fold_of = np.empty(len(rows), int)
    for fold, (_, test) in enumerate(StratifiedGroupKFold(int(folds), shuffle=True, random_state=int(seed)).split(labels, labels, patients)):
        fold_of[test] = fold
    with open(out, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["path", "label", "patient", "fold"])
        writer.writerows([row["path"], row["label"], row["patient"], fold] for row, fold in zip(rows, fold_of, strict=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
