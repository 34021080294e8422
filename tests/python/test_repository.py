"""What must hold for the repository itself: README's commands exist, devices are named in one place."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOBULE = ROOT / "build/release/bin/lobule"


def documents():
    return [path for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md") if path.exists()]


def shell_commands():
    """Command lines of the documents' shell blocks, continuation lines joined, comments dropped."""
    commands = []
    for document in documents():
        for block in re.findall(r"```(?:sh|bash|console)\n(.*?)```", document.read_text(), re.S):
            for line in block.replace("\\\n", " ").splitlines():
                for command in re.split(r"&&|\|\||\||;", line.strip().removeprefix("$ ")):
                    words = shlex.split(command, comments=True)
                    if words:
                        commands.append((document.name, words))
    return commands


def help_text(*words):
    return subprocess.run([LOBULE, *words, "--help"], capture_output=True, text=True, check=True).stdout


def test_scripts_named_in_the_documents_exist():
    for document in documents():
        for name in re.findall(r"\b(?:scripts|\.ci)/[\w./-]+\w", document.read_text()):
            assert (ROOT / name).is_file(), f"{document.name} names {name}"


def test_links_of_the_documents_lead_to_files():
    for document in documents():
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", document.read_text()):
            assert (ROOT / target).exists(), f"{document.name} links to {target}"


def test_options_of_scripts_in_the_documents_are_known_to_the_scripts():
    for document, words in shell_commands():
        if words[0].startswith("scripts/") and not words[0].endswith(".mjs"):
            text = (ROOT / words[0]).read_text()
            for word in words[1:]:
                if re.fullmatch(r"--?[a-z-]+|[a-z]+", word):
                    assert word in text, f"{document}: {' '.join(words)}"


def test_lobule_commands_in_the_documents_exist_with_their_options():
    uses = [(document, words) for document, words in shell_commands() if Path(words[0]).name == "lobule"]
    if uses and not LOBULE.exists():
        pytest.fail(f"{LOBULE} is not built")
    for document, words in uses:
        if len(words) < 2 or words[1].startswith("-"):
            continue
        options = help_text(words[1])
        for word in words[2:]:
            if word.startswith("--"):
                name = word.split("=")[0]
                assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", options), f"{document}: {' '.join(words)}"


def test_presets_named_in_the_documents_exist():
    presets = {preset["name"] for preset in json.loads((ROOT / "CMakePresets.json").read_text())["configurePresets"]}
    for document, words in shell_commands():
        if words[0] in ("cmake", "ctest") and "--preset" in words:
            name = words[words.index("--preset") + 1]
            assert name in presets, f"{document}: {' '.join(words)}"


def test_only_device_files_name_a_device():
    """Everything else takes the device it is given, so that it runs on any."""
    allowed = {"device.h", "device.cpp"}
    naming = re.compile(r"\bkCPU\b|\bkCUDA\b|DeviceType::|\"c(pu|uda)\"|\.c(pu|uda)\(\)")
    for path in sorted((ROOT / "native_train").glob("*.[ch]*")):
        if path.name in allowed:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            assert not naming.search(line), f"native_train/{path.name}:{number}: {line.strip()}"


def test_the_research_use_sentence_is_the_cores_wherever_it_is_written_again():
    """In C++ it is a constant; HTML, shell and the tests cannot include that."""
    sentence = re.search(r'kResearchUseOnly = "(.*)";', (ROOT / "shared/include/lobule/model_package.h").read_text())[1]
    for name in ("web/index.html", "scripts/demo", "README.md", "tests/python/program.py"):
        assert sentence in (ROOT / name).read_text(), name
    written = subprocess.run(["git", "grep", "-l", "For Research Use", "--", "web/*.js", "*.cpp", "*.h"], cwd=ROOT, capture_output=True, text=True)
    assert [name for name in written.stdout.split() if not name.startswith("tests/")] == ["shared/include/lobule/model_package.h"]


def test_source_files_stay_small():
    """Files of about 150 lines, 300 at the most."""
    listed = subprocess.run(["git", "ls-files", "-z", "*.cpp", "*.h", "*.js", "*.mjs", "*.css", "*.html", "*.py", "scripts"], cwd=ROOT, capture_output=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists():
            lines = len((ROOT / name).read_text().splitlines())
            assert lines <= 300, f"{name} has {lines} lines"


def test_the_core_includes_only_the_standard_library_and_its_own():
    own = re.compile(r'#include (<[a-z_0-9]+>|"[\w/]+\.h"|<(nlohmann|protozero)/[\w/]+\.hpp>|<stb_image(_write)?\.h>|"stb_image(_write)?\.h")')
    for path in sorted((ROOT / "shared").rglob("*.[ch]*")):
        for line in path.read_text().splitlines():
            vector_code = path.name.endswith("_sse2.cpp") and line == "#include <emmintrin.h>"  # platform by file
            if line.startswith("#include") and not vector_code:
                assert own.match(line), f"{path.relative_to(ROOT)}: {line}"
