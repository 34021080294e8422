"""What a model is worth on images of a kind that it never saw: the stand-ins for another hospital that one data set has.

usage: left_out.py sets MANIFEST.csv KIND FOLDER            FOLDER/sets0.csv and so on, for `lobule train DATA --split`
       left_out.py join FOLDER OUT.csv                      predictions of FOLDER/run0 and so on, as one table
       left_out.py known PREDICTIONS.csv MANIFEST.csv KIND OUT.csv   the rows of that kind, of models that had seen others of the kind
       left_out.py table LEDGER.csv DOCUMENT.md...          written anew between the lines <!-- left out --> and <!-- /left out -->
KIND: COLUMN=VALUE of the manifest, or stain=0 or stain=1: the patients' mean optical densities in two clusters (k-means). No patient is in training
and test: where patients have images of both kinds there are five sets by patient (StratifiedGroupKFold, seed 0).
"""

import csv
import pathlib
import sys

import numpy as np
from PIL import Image
from sklearn.cluster import KMeans
from sklearn.model_selection import StratifiedGroupKFold

import run_ledger

START, END = "<!-- left out -->\n", "<!-- /left out -->\n"


def read(file: pathlib.Path) -> list[dict[str, str]]:
    with file.open(newline="") as opened:
        return list(csv.DictReader(opened))


def write(file: pathlib.Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def mean_optical_density(file: pathlib.Path) -> np.ndarray:
    pixels = np.asarray(Image.open(file).convert("RGB"), float)
    return -np.log10(np.maximum(pixels, 1) / 255).mean((0, 1))


def stain_clusters(manifest: pathlib.Path, rows: list[dict[str, str]]) -> list[str]:
    """Of each row's patient. Cluster 0 is that of more patients."""
    patients = sorted({row["patient"] for row in rows})
    sums = {patient: [] for patient in patients}
    for row in rows:
        sums[row["patient"]].append(mean_optical_density(manifest.parent / row["path"]))
    means = np.array([np.mean(sums[patient], 0) for patient in patients])
    clusters = KMeans(2, n_init=10, random_state=0).fit_predict((means - means.mean(0)) / means.std(0))
    larger = int(np.bincount(clusters).argmax())
    cluster_of = {patient: str(int(cluster != larger)) for patient, cluster in zip(patients, clusters, strict=True)}
    return [cluster_of[row["patient"]] for row in rows]


def is_of_kind(manifest: pathlib.Path, rows: list[dict[str, str]], kind: str) -> np.ndarray:
    column, value = kind.split("=")
    values = stain_clusters(manifest, rows) if column == "stain" else [row[column] for row in rows]
    of_kind = np.array(values) == value
    if of_kind.all() or not of_kind.any():
        raise SystemExit(f"{manifest}: all or none of its images have {kind}")
    return of_kind


def write_sets(manifest: pathlib.Path, kind: str, folder: pathlib.Path) -> None:
    rows = read(manifest)
    of_kind = is_of_kind(manifest, rows, kind)
    patients = np.array([row["patient"] for row in rows])
    is_shared = bool(set(patients[of_kind]) & set(patients[~of_kind]))
    labels = [row["label"] for row in rows]
    folds = [test for _, test in StratifiedGroupKFold(5, shuffle=True, random_state=0).split(labels, labels, patients)] if is_shared else [range(len(rows))]
    folder.mkdir(parents=True, exist_ok=True)
    for i, test in enumerate(folds):
        tested = np.isin(np.arange(len(rows)), test)
        trains = ~of_kind & (~tested if is_shared else True)
        sets = ["test" if tests else "train" if trains else "" for tests, trains in zip(of_kind & tested, trains, strict=True)]
        write(
            folder / f"sets{i}.csv",
            [{"path": row["path"], "label": row["label"], "patient": row["patient"], "split": name} for row, name in zip(rows, sets, strict=True) if name],
        )


def join(folder: pathlib.Path, out: pathlib.Path) -> None:
    rows = [row for run in sorted(folder.glob("run*/predictions.csv")) for row in read(run)]
    for row in rows:
        row["model_sha256"] = ""  # there are several
    write(out, sorted(rows, key=lambda row: row["path"]))


def write_known(predictions: pathlib.Path, manifest: pathlib.Path, kind: str, out: pathlib.Path) -> None:
    rows = read(manifest)
    wanted = {row["path"] for row, is_wanted in zip(rows, is_of_kind(manifest, rows, kind), strict=True) if is_wanted}
    write(out, [row for row in read(predictions) if row["path"] in wanted])


def write_table(ledger: pathlib.Path, document: pathlib.Path) -> None:
    heads = ["left out of training", "images", "patients", "model", "image AUC", "image balanced accuracy", "patient AUC"]
    rows = []
    for row in run_ledger.read(ledger):
        kind, model = row["name"].split("/")
        figures = [run_ledger.estimate(row, column) for column in ("image_auc", "image_balanced_accuracy", "patient_auc")]
        rows.append([f"`{kind}`", row["images"], row["patients"], model, *figures])
    before, rest = document.read_text().split(START)
    document.write_text(before + START + run_ledger.markdown(heads, rows) + END + rest.split(END)[1])


def main(command: str, *arguments: str) -> None:
    paths = [pathlib.Path(argument) for argument in arguments]
    if command == "sets":
        write_sets(paths[0], arguments[1], paths[2])
    elif command == "join":
        join(*paths)
    elif command == "known":
        write_known(paths[0], paths[1], arguments[2], paths[3])
    elif command == "table":
        for document in paths[1:]:
            write_table(paths[0], document)
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
