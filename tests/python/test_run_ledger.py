"""The ledger of what was tried, and its table in documents."""

import csv
import json
import subprocess
import sys

import pytest

from program import REPOSITORY

TOOL = REPOSITORY / "tests" / "tools" / "run_ledger.py"


def ledger(*arguments):
    return subprocess.run([sys.executable, TOOL, *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.fixture
def repeat(tmp_path):
    """A repetition's folder as `lobule crossval` leaves it, with these AUCs."""

    def made(auc):
        figures = {name: {"value": auc, "low": auc - 0.1, "high": auc + 0.1} for name in ("auc", "balanced_accuracy", "ece")}
        levels = {"images": {"n": 100, "figures": figures}, "patients": {"n": 20, "figures": figures}}
        (tmp_path / "evaluation.json").write_text(json.dumps(levels))
        return tmp_path

    return made


def test_a_run_is_added_once_and_stands_in_the_document_between_its_marks(repeat, tmp_path):
    file, document = tmp_path / "runs.csv", tmp_path / "text.md"
    document.write_text("before\n<!-- runs -->\nstale line\n<!-- /runs -->\nafter\n")
    for auc in (0.6, 0.7):
        assert ledger("add", file, "frozen", "--epochs 0", repeat(auc)).returncode == 0
    assert ledger("add", file, "frozen/2", "--epochs 0", repeat(0.5)).returncode == 0
    rows = list(csv.DictReader(file.open(newline="")))
    assert [(row["name"], row["image_auc"]) for row in rows] == [("frozen", "0.7"), ("frozen/2", "0.5")]
    for _ in range(2):
        assert ledger("table", file, document).returncode == 0
        text = document.read_text()
        assert text.startswith("before\n<!-- runs -->\n") and text.endswith("<!-- /runs -->\nafter\n") and "stale line" not in text
        assert "| frozen | 0.700 (0.600 to 0.800) |" in text and "`--epochs 0` |" in text
        assert "| frozen | 2 | 10 | 0.500 (0.400 to 0.600) |" in text and "| frozen | 5 | 16 | 0.700" in text


def test_a_card_gets_the_table_before_its_end_and_another_text_is_refused(repeat, tmp_path):
    file, card = tmp_path / "runs.csv", tmp_path / "card.md"
    ledger("add", file, "frozen", "--epochs 0", repeat(0.6))
    card.write_text("# Card\n\n## How this card was made\n\nBy lobule.\n")
    assert ledger("table", file, card).returncode == 0
    assert card.read_text().index("## What was tried") < card.read_text().index("| frozen |") < card.read_text().index("## How this card")
    card.write_text("# Another text\n")
    done = ledger("table", file, card)
    assert done.returncode != 0 and str(card) in done.stderr and card.read_text() == "# Another text\n"
