"""Scripts that complete lobule's command line, in the shells that are here."""

import re
import shutil
import subprocess

import pytest

from program import REPOSITORY, run


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("completion")
    for shell in ["bash", "zsh", "fish"]:
        done = run("completion", shell)
        assert done.returncode == 0, done.stderr
        (folder / shell).write_text(done.stdout)
    return folder


def commands():
    return re.findall(r"^  (\w+) {2,}", run("--help").stdout.split("Subcommands:")[1].split("\n\n")[0], re.M)


def options(*words):
    return set(re.findall(r"^  (?:-\w,)?(--[\w-]+)", run(*words, "--help").stdout, re.M))


def bash(scripts, *words):
    """What bash completes the last word to; it splits at =, as readline does."""
    parts = [part for word in words for part in re.split("(=)", word) if part or word == ""]
    program = f'source {scripts}/bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lobule; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "--norc", "-uc", program, "-", "lobule", *parts], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return {line for line in done.stdout.splitlines() if line}


def test_bash_completes_the_commands(scripts):
    assert set(commands()) <= bash(scripts, "")
    assert bash(scripts, "ev") == {"evaluate"}
    assert "complete -o default -F _lobule lobule" in subprocess.run(["bash", "-c", f"source {scripts}/bash; complete -p lobule"], capture_output=True, text=True, check=True).stdout


def test_bash_completes_every_option_of_every_command(scripts):
    for command in commands():
        assert options(command) <= bash(scripts, command, "--"), command
    assert bash(scripts, "train", "phantoms", "--out", "run", "--weight-d") == {"--weight-decay"}
    assert "--out" not in bash(scripts, "predict", "--")


def test_bash_completes_the_words_that_a_value_may_be(scripts):
    assert bash(scripts, "train", "--optimizer", "") == {"adam", "adamw"}
    assert bash(scripts, "train", "--optimizer=adamw") == {"adamw"}
    assert bash(scripts, "train", "--optimizer=") == {"adam", "adamw"}
    assert bash(scripts, "completion", "") == {"bash", "zsh", "fish"}


def test_bash_leaves_files_to_readline_and_offers_nothing_for_numbers(scripts):
    assert bash(scripts, "train", "ph") == set()
    assert bash(scripts, "train", "--out", "--") == set()
    assert bash(scripts, "train", "--epochs", "") == set()


def test_zsh_completes_commands_options_and_values(scripts):
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not installed")
    pty = f"""
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1=; autoload -Uz compinit; compinit -D -u; source {scripts}/zsh; zstyle ":completion:*" list-prompt ""; LISTMAX=10000; echo re""ady'
zpty -r z out '*ready*'
zpty -w -n z "$1"$'\\t'
sleep 1.5
while zpty -rt z out; do print -rn -- $out; done
"""

    def complete(line):
        done = subprocess.run(["zsh", "-f", "-c", pty, "-", line], capture_output=True, text=True, timeout=60, env={"TERM": "dumb", "PATH": "/usr/bin:/bin", "COLUMNS": "200"})
        return done.stdout

    assert "luate" in complete("lobule eva")
    assert "ght-decay" in complete("lobule train data --weight-d")
    listed = complete("lobule train --optimizer ")
    assert "adam" in listed


def test_fish_completes_commands_options_and_values(scripts):
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed")

    def complete(line):
        done = subprocess.run(["fish", "--no-config", "-c", f"source {scripts}/fish; complete -C {line!r}"], capture_output=True, text=True, check=True)
        return {word.split("\t")[0] for word in done.stdout.splitlines()}

    assert set(commands()) <= complete("lobule ")
    assert complete("lobule train --optimizer ") == {"adam", "adamw"}
    for command in commands():
        assert options(command) <= complete(f"lobule {command} --"), command


def test_shells_find_no_fault_in_the_scripts(scripts):
    for shell in ["bash", "zsh", "fish"]:
        if shutil.which(shell):
            subprocess.run([shell, "-n", scripts / shell], check=True)
    subprocess.run(["shellcheck", "-s", "bash", scripts / "bash"], check=True)


def test_the_scripts_name_no_path_of_the_machine_that_printed_them(scripts):
    for shell in ["bash", "zsh", "fish"]:
        assert str(REPOSITORY) not in (scripts / shell).read_text()


def test_another_shell_is_wrong_usage():
    assert run("completion", "cmd.exe").returncode == 2
