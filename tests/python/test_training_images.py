"""What `lobule train` makes of the images themselves: the cache of decoded ones, unreadable ones, wrong labels, and images that look alike."""

import csv
import os
import shutil
import subprocess

import pytest
from PIL import Image

from program import LOBULE, images_of, refused, rows_of, run

SMALL = ["--epochs", 1, "--input-size", "48x32", "--batch-size", 8, "--threads", 1]


@pytest.fixture
def data(phantoms, tmp_path):
    return shutil.copytree(phantoms, tmp_path / "data")


def train(data, folder, *arguments):
    done = run("train", data, "--out", folder, *SMALL, *arguments)
    assert done.returncode == 0, done.stderr
    return done


def weights(folder):
    return (folder / "checkpoints" / "best.safetensors").read_bytes()


def cache_line(done):
    return next(line for line in done.stderr.splitlines() if line.startswith("image cache: "))


def test_cached_images_train_to_the_same_weights_as_decoded_ones(data, tmp_path):
    count = len(images_of(data))
    train(data, tmp_path / "decoded", "--no-cache")
    first = train(data, tmp_path / "first", "--cache", tmp_path / "cache")
    assert f"{count} images decoded, 0 kept" in cache_line(first)
    train(data, tmp_path / "second", "--cache", tmp_path / "cache")
    assert weights(tmp_path / "decoded") == weights(tmp_path / "first") == weights(tmp_path / "second")


def test_only_images_that_changed_are_decoded_again(data, tmp_path):
    images = images_of(data)
    train(data, tmp_path / "first", "--cache", tmp_path / "cache")
    os.utime(images[0])
    done = train(data, tmp_path / "second", "--cache", tmp_path / "cache")
    assert f"1 images decoded, {len(images) - 1} kept" in cache_line(done)
    assert weights(tmp_path / "first") == weights(tmp_path / "second")


def test_a_damaged_cache_is_said_and_built_anew(data, tmp_path):
    train(data, tmp_path / "first", "--cache", tmp_path / "cache")
    (file,) = (tmp_path / "cache").glob("*.images")
    whole = file.read_bytes()
    for name, damaged in {"cut": whole[: len(whole) // 2], "flipped": whole[:-1000] + bytes([whole[-1000] ^ 1]) + whole[-999:]}.items():
        file.write_bytes(damaged)
        done = train(data, tmp_path / name, "--cache", tmp_path / "cache")
        assert "built anew" in cache_line(done)
        assert file.read_bytes() == whole
        assert weights(tmp_path / name) == weights(tmp_path / "first")


def test_two_trainers_share_a_cache_that_neither_has_built_yet(data, tmp_path):
    command = [LOBULE, "train", data, *map(str, SMALL), "--cache", tmp_path / "cache", "--out"]
    both = [subprocess.Popen([*command, tmp_path / name], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for name in ("one", "two")]
    for trainer in both:
        _, said = trainer.communicate()
        assert trainer.returncode == 0, said
    assert weights(tmp_path / "one") == weights(tmp_path / "two")
    assert len(list((tmp_path / "cache").glob("*.images"))) == 1
    assert not list((tmp_path / "cache").glob("*.part"))


def test_a_cache_folder_that_cannot_be_made_is_said_and_the_training_goes_on(data, tmp_path):
    done = train(data, tmp_path / "run", "--cache", "/proc/cache")
    assert "no image cache: /proc/cache" in done.stderr


def test_unreadable_images_are_all_listed_and_none_is_named_twice(phantoms, tmp_path):
    data = tmp_path / "data"
    for copy in range(10):  # 240 images; those of one copy have patients of their own
        for image in images_of(phantoms):
            target = data / ("benign" if "SOB_B_" in image.name else "malignant") / f"{copy}_{image.name}"
            target.parent.mkdir(parents=True, exist_ok=True)
            with Image.open(image) as opened:
                opened.point(lambda value, copy=copy: min(255, value + copy)).save(target)
    images = images_of(data)
    broken = images[:: len(images) // 12][:12]  # 5 %
    for image in broken:
        image.write_bytes(image.read_bytes()[:300])
    folder = tmp_path / "run"
    done = train(data, folder)
    named = [sum(image.name in line for line in done.stderr.splitlines()) for image in broken]
    assert sum(named) == 10 and max(named) == 1, done.stderr
    assert "and 2 more" in done.stderr
    assert sorted(row["path"] for row in rows_of(folder / "unreadable.csv")) == sorted(str(image.relative_to(data)) for image in broken)
    assert all(row["cause"] for row in rows_of(folder / "unreadable.csv"))


def test_a_run_refused_for_its_unreadable_images_leaves_their_list_and_can_be_repeated(data, tmp_path):
    images = images_of(data)
    for image in images[::5]:
        image.write_bytes(b"x")
    folder = tmp_path / "run"
    assert "cannot be read, more than" in refused("train", data, "--out", folder, *SMALL)
    assert len(rows_of(folder / "unreadable.csv")) == len(images[::5])
    train(data, folder, "--max-bad-share", 0.5)


def test_a_manifest_that_contradicts_file_names_is_refused_until_it_is_trusted(data, tmp_path):
    with open(data / "manifest.csv", newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    rows[0]["label"] = "malignant" if rows[0]["label"] == "benign" else "benign"
    with open(data / "manifest.csv", "w", newline="", encoding="utf-8") as opened:
        table = csv.DictWriter(opened, rows[0].keys())
        table.writeheader()
        table.writerows(rows)
    message = refused("train", data, "--out", tmp_path / "run", *SMALL)
    assert rows[0]["path"] in message and "--trust-labels" in message
    train(data, tmp_path / "run", "--trust-labels")


def test_an_image_saved_again_smaller_and_turned_is_found_in_another_set(tmp_path, phantoms):
    data = tmp_path / "data"
    images = images_of(phantoms)
    for i, image in enumerate(images):
        folder = data / ("train", "val", "test")[i % 3] / ("benign" if "SOB_B_" in image.name else "malignant")
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(image, folder / f"{i}.png")
    assert "near duplicate" not in train(data, tmp_path / "clean").stderr
    source = next((data / "train" / "benign").iterdir())
    with Image.open(source) as opened:
        opened.rotate(90, expand=True).resize((50, 75)).save(data / "test" / "benign" / "copy.jpg", quality=80)
    done = train(data, tmp_path / "run")
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("near duplicate: ")]
    assert "test/benign/copy.jpg (test)" in line and f"train/benign/{source.name} (train)" in line


def test_a_batch_larger_than_the_training_set_is_said_and_trains(data, tmp_path):
    done = run("train", data, "--out", tmp_path / "run", "--epochs", 1, "--input-size", "48x32", "--batch-size", 512)
    assert done.returncode == 0, done.stderr
    assert "--batch-size 512 is more than the" in done.stderr
