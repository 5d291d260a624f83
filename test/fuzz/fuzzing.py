"""What the fuzzers share: running tools on random inputs, and keeping the inputs that break them.

A tool may accept an input (exit code 0), or reject it (1) with a message. Anything else is a finding:
a signal, a sanitizer report, 20 seconds of computing, 2 GiB of memory.
"""
import argparse
import os
import random
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 20
MEBIBYTES = 2048
# A fault of upstream's parser, as of `linalg.transpose ... permutation = relu`: without a sanitizer, which handles
# signals itself, the tool says so and has written nothing.
PARSER = re.compile(r"AddressSanitizer: SEGV.*#\d+ .* mlir::parseSourceFile<", re.S)


def limit():
    """Of computing, as the machine may have more to do."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def environment():
    """A limit on address space would refuse AddressSanitizer's own, so it watches the memory itself."""
    given = os.environ.get("ASAN_OPTIONS")
    options = ([given] if given else []) + [f"hard_rss_limit_mb={MEBIBYTES}"]
    return {**os.environ, "ASAN_OPTIONS": ":".join(options)}


def run(command, folder):
    """How a tool took its input, "accepted" or "refused", and what is wrong with that, or None."""
    try:
        done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, timeout=10 * SECONDS, check=False, preexec_fn=limit,
                              env=environment())
    except subprocess.TimeoutExpired:
        return None, f"no end after {10 * SECONDS} seconds"
    if done.returncode == -signal.SIGXCPU:
        return None, f"no end after {SECONDS} seconds of computing"
    message = done.stderr.decode("utf-8", "replace")
    if PARSER.search(message):
        return "refused", None
    if done.returncode not in (0, 1) or "SUMMARY: " in message or "rss limit exhausted" in message:
        return None, f"exit code {done.returncode}\n{message}"
    if "this is an error of" in message:
        return None, f"refused by mistake\n{message}"
    if done.returncode and not message.strip():
        return None, "refused without a message"
    if done.returncode and any((folder / "out").glob("*")):
        return None, f"refused, with files in the output's folder\n{message}"
    return ("refused" if done.returncode else "accepted"), None


def keep(folder, command, problem, where):
    """Copies an input, with the command that it broke and what that printed; says so in a few lines."""
    shutil.rmtree(where, ignore_errors=True)
    shutil.copytree(folder, where)
    (where / "command.sh").write_text(shlex.join(map(str, command)) + "\n", encoding="utf-8")
    (where / "problem.txt").write_text(problem, encoding="utf-8")
    first, *lines = problem.splitlines()
    telling = [line for line in lines if re.search(r"error: |ERROR: |Assertion|limit exhausted|SUMMARY: ", line)]
    print(f"{where}: {first}", *(line[:300] for line in telling[:5]), sep="\n  ", flush=True)


def main(description, generate):
    """Runs `generate(rng, folder)`, which writes an input into a folder and returns the command that takes it,
    in that folder, as a list whose first word names a tool."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32), help="of the first input")
    parser.add_argument("--count", type=int, help="stop after so many inputs")
    parser.add_argument("--keep", type=Path, help="default: fuzz-findings/ in the build directory")
    options = parser.parse_args()
    tools = (options.build_dir / "bin").resolve()
    if not (tools / "sepconv-compile").is_file():
        sys.exit(f"{tools / 'sepconv-compile'}: not found; build it first")
    findings = options.keep or options.build_dir / "fuzz-findings"
    print(f"seed {options.seed}", flush=True)
    counts = {"accepted": 0, "refused": 0, None: 0}
    end, seed = time.monotonic() + options.seconds, options.seed
    while time.monotonic() < end and seed - options.seed != options.count:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "input"
            folder.mkdir()
            tool, *arguments = generate(random.Random(seed), folder)
            inputs = Path(shutil.copytree(folder, Path(scratch) / "kept"))
            outcome, problem = run([tools / tool, *arguments], folder)
            counts[outcome] += 1
            if problem:
                keep(inputs, [tools / tool, *arguments], problem, findings / str(seed))
        seed += 1
    print(f"{counts['accepted']} inputs accepted, {counts['refused']} refused")
    print(f"{seed - options.seed - counts[None]} passed, {counts[None]} failed")
    return 1 if counts[None] else 0
