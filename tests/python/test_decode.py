"""The decoder against Pillow's on thousands of real and odd files, and against its own WebAssembly build."""

import struct

import numpy
import pytest
from PIL import Image
from pixels import DATA, WASM, WASM_PROGRAM, answers, describe

CORPUS = DATA / "corpus"
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason=f"no decoder corpus at {CORPUS}")
needs_breakhis = pytest.mark.skipif(not (DATA / "breakhis").exists(), reason=f"no BreaKHis images at {DATA / 'breakhis'}")

# Valid files that are refused on purpose, and what the refusal must say.
NOT_READ = {
    "iphone": "CgBI",
    "bricks-dither.bmp": "run-length",
    "bricks-gray.bmp": "run-length",
    "bricks-nodither.bmp": "run-length",
    "rgb24png.bmp": "embedded",
    "hippopotamus-bad-comment-length": "segment without a length",
    "progressive.scan00": "not all of its scans",
}
COMPLETE_SCANS = "peacock.progressive.scan009.jpeg"


def files(folder, *suffixes):
    return sorted(path for path in folder.rglob("*") if path.suffix in suffixes)


def over_white(samples):
    """Alpha, the last channel, composed over white and rounded half up."""
    samples = samples.astype(numpy.int64)
    color, alpha = samples[..., :-1], samples[..., -1:]
    return (2 * (color * alpha + 255 * (255 - alpha)) + 255) // 510


def pillow_rgb(path):
    with Image.open(path) as image:
        if image.mode.startswith("I;16") or image.mode == "I":
            samples = numpy.asarray(image).astype(numpy.int64)
            transparent = image.info.get("transparency", -1)
            alpha = numpy.where(samples == transparent, 0, 255)
            return numpy.repeat(over_white(numpy.stack([samples >> 8, alpha], -1)), 3, -1)
        if "transparency" in image.info or image.mode in ("LA", "PA", "RGBA"):
            return over_white(numpy.asarray(image.convert("RGBA")))
        return numpy.asarray(image.convert("RGB"))


def expected_refusal(name):
    if name == COMPLETE_SCANS:
        return None
    return next((cause for part, cause in NOT_READ.items() if part in name), None)


def is_broken(name):
    return name.startswith("corrupt_") or name.endswith((".truncated.png", ".truncated.jpeg"))


@needs_corpus
def test_broken_files_are_refused(tmp_path):
    broken = [path for path in files(CORPUS, ".png", ".jpeg", ".bmp") if is_broken(path.name)]
    assert len(broken) > 15
    for path, answer in zip(broken, answers([f"decode {path}" for path in broken], tmp_path)):
        assert answer.startswith("error: "), path.name


@needs_corpus
def test_files_that_are_not_read_say_why(tmp_path):
    refused = [path for path in files(CORPUS, ".png", ".jpeg", ".bmp") if expected_refusal(path.name)]
    assert len(refused) > 15
    for path, answer in zip(refused, answers([f"decode {path}" for path in refused], tmp_path)):
        assert answer.startswith("error: ") and expected_refusal(path.name) in answer, f"{path.name}: {answer}"


@needs_corpus
def test_png_and_bmp_pixels_are_pillows(tmp_path):
    whole = [path for path in files(CORPUS, ".png", ".bmp") if not is_broken(path.name) and not expected_refusal(path.name)]
    assert len(whole) > 250
    for path, answer in zip(whole, answers([f"decode {path}" for path in whole], tmp_path)):
        assert answer == describe(pillow_rgb(path)), path.name


@needs_corpus
def test_jpeg_pixels_are_close_to_pillows(tmp_path):
    """Two decoders may differ: the standard allows each inverse DCT one step of error, and upsampling is not standardised."""
    whole = [path for path in files(CORPUS, ".jpeg") if not is_broken(path.name) and not expected_refusal(path.name)]
    assert len(whole) > 15
    outputs = [tmp_path / f"{number}.rgb" for number in range(len(whole))]
    for path, output, answer in zip(whole, outputs, answers([f"rgb {path} {output}" for path, output in zip(whole, outputs)], tmp_path)):
        theirs = pillow_rgb(path)
        assert answer.split()[:2] == [str(theirs.shape[1]), str(theirs.shape[0])], f"{path.name}: {answer}"
        ours = numpy.fromfile(output, numpy.uint8).reshape(theirs.shape)
        difference = numpy.abs(ours.astype(int) - theirs)
        assert difference.max() <= 3, path.name
        assert difference.mean() < 0.25, path.name


def test_random_16_bit_png_keeps_the_high_byte(tmp_path):
    samples = numpy.random.default_rng(1).integers(0, 65536, (23, 31), dtype=numpy.uint16)
    Image.fromarray(samples).save(tmp_path / "grey16.png")
    assert answers([f"decode {tmp_path / 'grey16.png'}"], tmp_path) == [describe(numpy.repeat((samples >> 8)[..., None], 3, -1))]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_undone_as_pillow_does(orientation, tmp_path):
    """On flat colours, where the decoders agree: what is checked is where they lie."""
    quarters = numpy.zeros((32, 48, 3), numpy.uint8)
    for number, (rows, columns) in enumerate([(0, 0), (0, 24), (16, 0), (16, 24)]):
        quarters[rows : rows + 16, columns : columns + 24] = 60 * number
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(quarters).save(tmp_path / "turned.jpg", quality=100, subsampling=0, exif=exif)
    (answer,) = answers([f"rgb {tmp_path / 'turned.jpg'} {tmp_path / 'turned.rgb'}"], tmp_path)
    # The upright picture by numpy, from the meaning of the tag (CIPA DC-008).
    turn = [
        lambda a: a,
        lambda a: a[:, ::-1],
        lambda a: a[::-1, ::-1],
        lambda a: a[::-1],
        lambda a: a.transpose(1, 0, 2),
        lambda a: numpy.rot90(a, -1),
        lambda a: a[::-1, ::-1].transpose(1, 0, 2),
        lambda a: numpy.rot90(a),
    ][orientation - 1]
    upright = turn(quarters)
    assert answer.split()[:2] == [str(upright.shape[1]), str(upright.shape[0])]
    ours = numpy.fromfile(tmp_path / "turned.rgb", numpy.uint8).reshape(upright.shape)
    assert numpy.abs(ours.astype(int) - upright).max() <= 2


def test_a_jpeg_with_damaged_pixel_data_is_refused(tmp_path):
    """Half of the entropy-coded bytes cut out, the end marker kept: what a copy with a hole looks like."""
    noise = numpy.random.default_rng(2).integers(0, 256, (64, 64, 3), dtype=numpy.uint8)
    for name, options in [("baseline", {}), ("progressive", {"progressive": True}), ("restarts", {"restart_marker_blocks": 4})]:
        path = tmp_path / f"{name}.jpg"
        Image.fromarray(noise).save(path, quality=90, **options)
        whole = path.read_bytes()
        start = whole.rfind(b"\xff\xda")
        start += 2 + struct.unpack(">H", whole[start + 2 : start + 4])[0]
        path.write_bytes(whole[: (start + len(whole)) // 2] + b"\xff\xd9")
        (answer,) = answers([f"decode {path}"], tmp_path)
        assert answer.startswith("error: JPEG"), f"{name}: {answer}"


@needs_breakhis
def test_all_breakhis_images_decode(tmp_path):
    images = files(DATA / "breakhis", ".jpg", ".jpeg", ".png")
    assert len(images) > 1000
    refused = [answer for answer in answers([f"decode {path}" for path in images], tmp_path) if answer.startswith("error")]
    assert refused == []


@needs_corpus
@pytest.mark.skipif(not WASM_PROGRAM.exists(), reason=f"no WebAssembly build at {WASM_PROGRAM}")
def test_the_wasm_build_gives_the_same_bits(tmp_path):
    corpus = files(CORPUS, ".png", ".jpeg", ".bmp")
    jobs = [f"decode {path}" for path in corpus]
    images = files(DATA / "breakhis", ".jpg", ".jpeg", ".png")[::40]
    for path in images:
        jobs += [f"decode {path}", f"tensor {path} 144 96 cover bilinear", f"tensor {path} 224 224 contain bicubic"]
    assert answers(jobs, tmp_path, WASM) == answers(jobs, tmp_path)
