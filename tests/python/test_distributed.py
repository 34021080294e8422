"""Several real processes on this machine: what collectives and gradients give, and how the others end when one is lost."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

from program import LOBULE

PROBE = str(pathlib.Path(LOBULE).parent / "process_probe")
TORCHRUN = shutil.which("torchrun", path=str(pathlib.Path(sys.executable).parent))
LAUNCHERS = ("RANK", "WORLD_SIZE", "LOCAL_", "MASTER_", "OMPI_", "PMI_", "MPI_", "SLURM_", "TORCHELASTIC_", "GLOO_")
SECONDS_TO_END = 30  # after a process is lost


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def job_with_free_port():
    """A Slurm job's number whose port (process_environment.cpp) nobody holds."""
    for job in range(os.getpid(), os.getpid() + 1000):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", 15000 + job % 15000)) != 0:
                return job
    raise AssertionError("no port is free")


def plain_environment():
    return {name: value for name, value in os.environ.items() if not name.startswith(LAUNCHERS)} | {"OMP_NUM_THREADS": "1"}


def start(what, size, address="127.0.0.1", prefixes=None):
    port = free_port()
    processes = []
    for rank in range(size):
        environment = plain_environment() | {"RANK": str(rank), "WORLD_SIZE": str(size), "MASTER_ADDR": address, "MASTER_PORT": str(port)}
        command = (prefixes[rank] if prefixes else []) + [PROBE, what]
        processes.append(subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
    return processes


def answers(processes):
    """The JSON line of each process, in the order of ranks."""
    done = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes), done
    return [json.loads(out) for out, _ in done]


def wait_until_joined(processes):
    for process in processes:
        line = process.stdout.readline()
        assert line == "joined\n", process.stderr.read()


def messages_of_the_rest(processes, lost):
    """What the others say, who must end by themselves within the time."""
    until = time.monotonic() + SECONDS_TO_END
    messages = []
    try:
        for rank, process in enumerate(processes):
            if rank != lost:
                messages.append(process.communicate(timeout=max(0.1, until - time.monotonic()))[1])
                assert process.returncode == 1, messages
    finally:
        for process in processes:
            process.kill()
            process.wait()
    return messages


def check_collectives(found, size):
    rows = [float(rank) for rank in range(size) for _ in range(2 * rank)]
    total = 0.1
    for rank in range(1, size):
        total += 0.1 * (rank + 1)
    for answer in found:
        assert answer["sum"][0] == total  # in the order of ranks, to the last bit
        assert answer["sum"][1] == pytest.approx(size * 1e300)
        assert answer["rows"] == rows
        assert answer["no_rows"] == 0
        assert answer["broadcast"] == [7.0] * 6
        assert answer["any"] == [True, False]
        assert answer["difference"] == "the options of process 1 differ from those of process 0"


@pytest.mark.parametrize("size", [2, 3])
def test_every_process_gets_the_same_from_a_collective(size):
    found = answers(start("collectives", size))
    assert [answer["rank"] for answer in found] == list(range(size))
    check_collectives(found, size)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_gradients_of_shared_out_batches_are_those_of_the_whole_batch(size):
    found = answers(start("gradients", size))
    # float64: a few sums in another order, of values near 1
    assert all(answer["largest_difference"] < 1e-14 for answer in found), found


def test_torchrun_starts_the_processes():
    done = subprocess.run([TORCHRUN, "--no-python", "--standalone", "--nproc-per-node", "2", PROBE, "collectives"], env=plain_environment(),
                          capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    check_collectives([json.loads(line) for line in done.stdout.splitlines()], 2)


def test_slurm_variables_start_the_processes():
    job = job_with_free_port()
    processes = []
    for rank in range(2):
        environment = plain_environment() | {"SLURM_PROCID": str(rank), "SLURM_NTASKS": "2", "SLURM_LOCALID": str(rank), "SLURM_STEP_ID": "0",
                                             "SLURM_JOB_ID": str(job), "SLURM_JOB_NODELIST": "localhost"}
        processes.append(subprocess.Popen([PROBE, "collectives"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
    check_collectives(answers(processes), 2)


@pytest.mark.parametrize("what", ["wait", "idle"])
@pytest.mark.parametrize("lost", [0, 1])
def test_a_killed_process_ends_the_others(what, lost):
    processes = start(what, 3)
    wait_until_joined(processes)
    processes[lost].kill()
    for message in messages_of_the_rest(processes, lost):
        # process 0 keeps the store, whose end may be seen first
        assert f"process {lost} of 3 has died" in message or (lost == 0 and "process 0 has ended" in message), message


def test_a_stopped_process_ends_the_others():
    processes = start("idle", 3)
    wait_until_joined(processes)
    processes[1].send_signal(signal.SIGSTOP)
    for message in messages_of_the_rest(processes, 1):
        assert "process 1 of 3 has died, was stopped, or cannot be reached" in message, message


def test_a_process_that_refuses_its_data_ends_the_others_who_name_it():
    processes = start("fail", 3)
    wait_until_joined(processes)
    messages = messages_of_the_rest(processes, None)
    assert "image_7.png: PNG is truncated" in messages[1]
    assert any("process 1 of 3 has failed" in message for message in messages), messages


@pytest.fixture
def two_machines():
    """Two network namespaces joined by a cable; yields what runs a command in each, and the cable's name."""
    ip = shutil.which("ip") or shutil.which("ip", path="/usr/sbin:/sbin")
    if ip is None:
        pytest.skip("no ip (package iproute2)")
    names = [f"lobule{os.getpid()}{end}" for end in "ab"]
    commands = [["netns", "add", name] for name in names]
    commands += [["-n", names[0], "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", names[1]]]
    for name, address in zip(names, ["10.77.0.1/24", "10.77.0.2/24"]):
        commands += [["-n", name, "addr", "add", address, "dev", "cable"], ["-n", name, "link", "set", "cable", "up"], ["-n", name, "link", "set", "lo", "up"]]
    try:
        for command in commands:
            done = subprocess.run([ip, *command], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                pytest.skip(f"cannot make network namespaces: {done.stderr.strip()}")
        inside = [[ip, "netns", "exec", name, "env", "GLOO_SOCKET_IFNAME=cable"] for name in names]
        yield inside, [ip, "-n", names[1], "link", "set", "cable", "down"]
    finally:
        for name in names:
            subprocess.run([ip, "netns", "del", name], capture_output=True, check=False)


def test_processes_meet_across_networks(two_machines):
    inside, _ = two_machines
    check_collectives(answers(start("collectives", 2, "10.77.0.1", inside)), 2)


def test_a_pulled_cable_ends_both_ends(two_machines):
    inside, pull = two_machines
    processes = start("idle", 2, "10.77.0.1", inside)
    wait_until_joined(processes)
    subprocess.run(pull, check=True)
    near, far = messages_of_the_rest(processes, None)
    assert "process 1 of 2" in near
    assert "no longer answers" in far or "is lost" in far, far
