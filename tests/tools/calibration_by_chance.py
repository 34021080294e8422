"""What expected calibration error chance alone gives: that of a model whose probabilities are exactly right, on as many images and patients.

calibration_by_chance.py PREDICTIONS.csv [--positive malignant] [--draws 4000]

Labels are drawn from the table's own probabilities (the consistency resampling of Broecker & Smith 2007), and the error of each draw is measured as `lobule
evaluate` does: 15 bins of equal width. Prints, for images and for patients (mean of the logits), the error of the table and the mean and central 95 % of the
draws'. Images of one patient are drawn as if they were independent, so that the images' figures are lower bounds of what chance does. Patients whose images
have more than one label are left out.
"""

import argparse
import csv

import numpy as np

BINS = 15


def calibration_error(probabilities, labels):
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    counts = np.bincount(bins, minlength=BINS)
    gaps = np.bincount(bins, weights=probabilities - labels, minlength=BINS)
    return np.abs(gaps).sum() / counts.sum()


def by_chance(probabilities, draws, seed=1):
    random = np.random.default_rng(seed)
    return np.array([calibration_error(probabilities, random.random(len(probabilities)) < probabilities) for _ in range(draws)])


def read(path, positive):
    """Probabilities and labels of the answered, labelled images, and of their patients."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["label"] and row[f"p_{positive}"]]
    probabilities = np.array([float(row[f"p_{positive}"]) for row in rows])
    labels = np.array([row["label"] == positive for row in rows], dtype=float)
    logits = np.log(probabilities / (1 - probabilities))
    patients = np.array([row["patient"] for row in rows])
    members = [member for patient in sorted(set(patients)) if len(set(labels[member := patients == patient])) == 1]
    of_patients = np.array([1 / (1 + np.exp(-logits[member].mean())) for member in members])
    return {"images": (probabilities, labels), "patients": (of_patients, np.array([labels[member][0] for member in members]))}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("predictions")
    parser.add_argument("--positive", default="malignant")
    parser.add_argument("--draws", type=int, default=4000)
    options = parser.parse_args()
    for level, (probabilities, labels) in read(options.predictions, options.positive).items():
        chance = by_chance(probabilities, options.draws)
        low, high = np.percentile(chance, [2.5, 97.5])
        error = calibration_error(probabilities, labels)
        print(f"{len(labels)} {level}: {error:.3f}; of exact probabilities {chance.mean():.3f} ({low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main()
