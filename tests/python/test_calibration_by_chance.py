"""The tool that says what calibration error chance alone gives."""

import json
import random
import re
import subprocess
import sys

import pytest

from program import REPOSITORY, run

TOOL = REPOSITORY / "tests" / "tools" / "calibration_by_chance.py"
LINE = re.compile(r"^(\d+) (images|patients): ([\d.]+); of exact probabilities ([\d.]+) \(([\d.]+) to ([\d.]+)\)$")


def measured(table):
    printed = subprocess.run([sys.executable, TOOL, table, "--draws", "500"], capture_output=True, text=True, check=True).stdout
    lines = [LINE.match(line) for line in printed.splitlines()]
    return {line[2]: [float(number) for number in line.group(1, 3, 4, 5, 6)] for line in lines}


def predictions(file, patients, truth):
    """Four images a patient; truth says a patient's class from its probability and a random number."""
    drawn = random.Random(3)
    rows = []
    for patient in range(patients):
        probability = drawn.uniform(0.05, 0.95)
        label = "malignant" if truth(probability, drawn.random()) else "benign"
        rows += [f"{patient}_{image}.png,{label},{patient},{probability}\n" for image in range(4)]
    file.write_text("path,label,patient,p_malignant\n" + "".join(rows))
    return file


def test_the_tables_own_error_is_the_programs(tmp_path):
    table = predictions(tmp_path / "table.csv", 60, lambda probability, chance: chance < probability)
    done = run("evaluate", "--predictions", table, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    evaluation = json.loads((tmp_path / "out" / "evaluation.json").read_text())
    for level, (count, error, *_) in measured(table).items():
        assert count == evaluation[level]["n"]
        assert error == pytest.approx(evaluation[level]["figures"]["ece"]["value"], abs=6e-4)


def test_a_patient_of_two_labels_is_left_out(tmp_path):
    table = predictions(tmp_path / "table.csv", 20, lambda probability, chance: chance < probability)
    with open(table, "a", encoding="utf-8") as file:
        file.write("a.png,benign,mixed,0.5\nb.png,malignant,mixed,0.5\n")
    levels = measured(table)
    assert (levels["images"][0], levels["patients"][0]) == (82, 20)


def test_exact_probabilities_lie_within_chance_and_wrong_ones_beyond_it(tmp_path):
    _, error, mean, low, high = measured(predictions(tmp_path / "exact.csv", 200, lambda probability, chance: chance < probability))["patients"]
    assert low < mean < high
    assert low < error < high
    _, error, _, _, high = measured(predictions(tmp_path / "wrong.csv", 200, lambda probability, chance: chance > probability))["patients"]
    assert error > 2 * high
