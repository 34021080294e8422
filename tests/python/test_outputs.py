"""Full disks, read-only folders, and other places where nothing can be written."""

import contextlib
import os
import subprocess

import pytest

from program import LOBULE, refused, run


@contextlib.contextmanager
def mounted(folder, options):
    """A small file system of its own: root ignores a folder's permissions, but not a full or read-only one."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"this user may not mount a tmpfs: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_and_leaves_no_part_of_a_file(evaluation, phantoms, tmp_path):
    with mounted(tmp_path / "full", "size=16k") as full:
        message = refused("evaluate", "--predictions", evaluation[0] / "predictions.csv", "--out", full, "--bootstrap", 0)
        assert "cannot write: No space left on device" in message and str(full) in message
        assert not [path for path in full.iterdir() if path.suffix not in (".csv", ".txt", ".html")]  # no temporary file, no evaluation.json
        (full / "filler").write_bytes(bytes(16384 - sum(4096 * -(-path.stat().st_size // 4096) for path in full.iterdir())))
        message = refused("split", phantoms, "--out", full / "split.csv")
        assert f"{full / 'split.csv'}: cannot write: No space left on device" in message
        assert not [path for path in full.iterdir() if path.name.startswith("split")]


def test_a_read_only_folder_is_said(evaluation, phantoms, tmp_path):
    with mounted(tmp_path / "frozen", "ro") as frozen:
        message = refused("split", phantoms, "--out", frozen / "split.csv")
        assert f"{frozen / 'split.csv'}: cannot write: Read-only file system" in message
        message = refused("evaluate", "--predictions", evaluation[0] / "predictions.csv", "--out", frozen / "new", "--bootstrap", 0)
        assert f"{frozen / 'new'}: cannot create the folder: Read-only file system" in message
        message = refused("evaluate", "--predictions", evaluation[0] / "predictions.csv", "--out", frozen, "--bootstrap", 0)
        assert "predictions.csv: cannot write: Read-only file system" in message


def test_a_file_in_the_folders_place_is_said(evaluation, phantoms, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    message = refused("evaluate", "--predictions", evaluation[0] / "predictions.csv", "--out", tmp_path / "file", "--bootstrap", 0)
    assert f"{tmp_path / 'file'}: cannot create the folder: Not a directory" in message
    message = refused("split", phantoms, "--out", tmp_path / "file" / "split.csv")
    assert "split.csv: cannot write: Not a directory" in message


def test_a_device_is_never_replaced_by_a_file(phantoms):
    before = os.stat("/dev/null")
    assert "it exists and is no regular file" in refused("split", phantoms, "--out", "/dev/null")
    assert os.stat("/dev/null").st_rdev == before.st_rdev


def test_standard_output_that_is_full_is_no_success(phantoms, model):
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([LOBULE, "predict", str(model), str(phantoms)], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "standard output: cannot write" in done.stderr
