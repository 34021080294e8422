"""What a Python user gets on BreaKHis with patients kept apart: EfficientNet-Lite0 from ImageNet, frozen with a logistic regression, or fine-tuned.

crossval_peer.py frozen|fine_tuned DATA WEIGHTS.safetensors OUT.csv [--seed 0]

DATA has a manifest.csv. WEIGHTS are those that scripts/setup native makes. Five folds by patient (StratifiedGroupKFold, shuffled by the seed, rows in the
manifest's order), as tests/tools/grouped_folds.py draws them. OUT.csv is a table for `lobule compare`: path,label,patient,p_malignant.

frozen      features of images of 336 x 224 pixels and of their mirrored views, standardised; logistic regression with C = 0.01 and balanced classes
fine_tuned  8 epochs of AdamW (0.0005, weight decay 0.05, one cycle), batches of 32, balanced classes, label smoothing 0.05, mirroring, each channel's
            brightness and contrast varied; two views in testing
"""

import argparse
import csv
import pathlib
import sys

import numpy as np
import torch
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "python"))
from safetensors_file import read_safetensors  # noqa: E402

WIDTH, HEIGHT, EPOCHS, BATCH, RATE = 336, 224, 8, 32, 5e-4
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


def make_network(weights):
    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in weights.items()})
    return network


def tensor_of(images):
    """uint8 [n, height, width, 3] to normalised float32 [n, 3, height, width]."""
    return (torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2).float() / 255 - MEAN) / DEVIATION


def batches(images):
    return (images[first : first + BATCH] for first in range(0, len(images), BATCH))


@torch.no_grad()
def features_of(network, images):
    return np.concatenate([network.extract_features(tensor_of(batch)).mean((2, 3)).numpy() for batch in batches(images)])


class Frozen:
    def __init__(self, weights, images):
        network = make_network(weights).eval().to(memory_format=torch.channels_last)
        self.features = features_of(network, images)
        self.mirrored = features_of(network, images[:, :, ::-1])

    def predict(self, label, train, test):
        mean, deviation = self.features[train].mean(0), self.features[train].std(0) + 1e-6
        views = np.concatenate([(view[train] - mean) / deviation for view in (self.features, self.mirrored)])
        fitted = LogisticRegression(C=1e-2, max_iter=2000, class_weight="balanced").fit(views, np.tile(label[train], 2))
        return fitted.predict_proba((self.features[test] - mean) / deviation)[:, 1]


class FineTuned:
    def __init__(self, weights, images):
        self.weights, self.images = weights, images

    def predict(self, label, train, test):
        torch.manual_seed(0)
        random = np.random.default_rng(0)
        network = make_network(self.weights)
        network._fc = torch.nn.Linear(1280, 2)
        network = network.to(memory_format=torch.channels_last)
        images, targets = self.images[train], label[train]
        optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=0.05)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, EPOCHS * -(-len(targets) // BATCH))
        balance = torch.tensor([len(targets) / 2 / (targets == name).sum() for name in (0, 1)], dtype=torch.float)
        for _ in range(EPOCHS):
            network.train()
            for chosen in batches(random.permutation(len(targets))):
                batch = images[chosen].copy()
                for i in range(len(batch)):
                    if random.random() < 0.5:
                        batch[i] = batch[i][:, ::-1]
                    if random.random() < 0.5:
                        batch[i] = batch[i][::-1]
                shown = tensor_of(batch)
                shown = shown * (1 + 0.2 * torch.randn(len(shown), 3, 1, 1)) + 0.2 * torch.randn(len(shown), 3, 1, 1)
                logits = network(shown.contiguous(memory_format=torch.channels_last))
                loss = torch.nn.functional.cross_entropy(logits, torch.from_numpy(targets[chosen]), balance, label_smoothing=0.05)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
        network.eval()
        with torch.no_grad():
            views = [[network(tensor_of(view)).softmax(1)[:, 1] for view in (batch, batch[:, :, ::-1])] for batch in batches(self.images[test])]
        return np.concatenate([(torch.stack(pair).mean(0)).numpy() for pair in views])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("way", choices=["frozen", "fine_tuned"])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("weights", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with (arguments.data / "manifest.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    images = np.stack([np.asarray(Image.open(arguments.data / row["path"]).convert("RGB").resize((WIDTH, HEIGHT), Image.BILINEAR)) for row in rows])
    label = np.array([int(row["label"] == "malignant") for row in rows])
    patients = [row["patient"] for row in rows]
    way = (Frozen if arguments.way == "frozen" else FineTuned)(read_safetensors(arguments.weights), images)
    probability = np.zeros(len(rows))
    for fold, (train, test) in enumerate(StratifiedGroupKFold(5, shuffle=True, random_state=arguments.seed).split(images, label, patients)):
        probability[test] = way.predict(label, train, test)
        print(f"fold {fold}: AUC {roc_auc_score(label[test], probability[test]):.3f}", flush=True)
    with arguments.out.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["path", "label", "patient", "p_malignant"])
        writer.writerows([row["path"], row["label"], row["patient"], f"{p:.6f}"] for row, p in zip(rows, probability, strict=True))
    print(f"pooled AUC {roc_auc_score(label, probability):.3f}")


if __name__ == "__main__":
    main()
