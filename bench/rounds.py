"""Runs in the lab, beside what it measures: `rounds.py PLAN.json` prints the median of each contender in milliseconds.

A program is started by vfork(2), as a shell does it. Node.js forks: that takes 0.7 ms more for each program, and counts a hook that is
called three times as two such starts slower than `node -e 0`.
"""

import json
import os
import statistics
import sys
import tempfile
import time

# What libvirt gives a hook, and nothing else (virCommandAddEnvPassCommon).
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LC_ALL": "C",
}
NOTHING = os.open(os.devnull, os.O_RDWR)
ERRORS = tempfile.TemporaryFile()


def pipe_with(text):
    """Returns the end to read of a pipe that holds the text: 64 KiB at most (pipe(7))."""
    reads, writes = os.pipe()
    os.set_blocking(writes, False)
    data = text.encode()
    if os.write(writes, data) < len(data):
        sys.exit("the input of a contender does not fit in a pipe")
    os.close(writes)
    return reads


def run(argv, text=""):
    """Runs a program to its end, and returns how long that took, in milliseconds."""
    source = pipe_with(text)
    ERRORS.seek(0)
    ERRORS.truncate()
    streams = [(os.POSIX_SPAWN_DUP2, end, at) for at, end in enumerate((source, NOTHING, ERRORS.fileno()))]
    start = time.perf_counter_ns()
    pid = os.posix_spawnp(argv[0], argv, ENVIRONMENT, file_actions=streams)
    _, status = os.waitpid(pid, 0)
    took = time.perf_counter_ns() - start
    os.close(source)
    if status != 0:
        ERRORS.seek(0)
        sys.exit(f"{' '.join(argv)}: {ERRORS.read().decode()}")
    return took / 1e6


def measure(contender):
    """Puts the host back, and returns how long all calls of a contender take, in milliseconds."""
    if "before" in contender:
        run(["sh", "-ec", contender["before"]])
    return sum(run(call["argv"], call.get("input", "")) for call in contender["calls"])


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        plan = json.load(file)
    contenders, rounds = plan["contenders"], plan["rounds"]
    times = [[] for _ in contenders]
    for number in range(-1, rounds):
        for at in range(len(contenders)):
            # Each round begins with another one, so that what else the machine does meets all of them.
            index = (at + max(0, number)) % len(contenders)
            took = measure(contenders[index])
            if number >= 0:
                times[index].append(took)
    print(json.dumps([statistics.median(own) for own in times]))


main()
