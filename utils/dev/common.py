"""Paths, messages and processes that every part of ./dev uses."""

import contextlib
import fcntl
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
ASAN_BUILD = ROOT / "build-asan"
VENV = BUILD / "venv"
HALIDE = BUILD / "halide"
PTXAS = BUILD / "nvcc/ptxas"
STATE = BUILD / ".dev"

FAILED = 1  # something was built or tested and is wrong
USAGE = 2  # the command line is wrong
MISSING = 3  # something has to be installed and cannot be


class DevError(Exception):
    """Ends ./dev with a message and an exit code."""

    def __init__(self, message, code=FAILED):
        super().__init__(message)
        self.code = code


def missing(what, command):
    """What is missing, and the command that the user has to run."""
    return DevError(f"{what}\nrun this, then the same ./dev command again:\n  {command}", MISSING)


def say(message):
    print(f"dev: {message}", flush=True)


def quote(command):
    return " ".join(shlex.quote(str(word)) for word in command)


def tool(name):
    """A program of the virtual environment."""
    return str(VENV / "bin" / name)


def compilers():
    """The C and the C++ compiler that ./dev builds with."""
    return shutil.which("clang-22") or "clang-22", shutil.which("clang++-22") or "clang++-22"


def ptxas():
    """CUDA's assembler: the user's, or else the one that the tests install."""
    found = shutil.which(os.environ.get("PTXAS", "ptxas")) or shutil.which("/usr/local/cuda/bin/ptxas")
    return Path(found) if found else PTXAS


def environment():
    """The environment of everything that ./dev starts."""
    env = dict(os.environ)
    env["PATH"] = os.pathsep.join([str(VENV / "bin"), env.get("PATH", os.defpath)])
    env["CC"], env["CXX"] = compilers()
    env["PTXAS"] = str(ptxas())
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    env.setdefault("CLICOLOR_FORCE", "1" if sys.stdout.isatty() else "0")
    return env


def run(command, check=None, **options):
    """Runs a command with its output shown; `check` is the complaint when it fails."""
    command = [str(word) for word in command]
    options.setdefault("env", environment())
    options.setdefault("cwd", ROOT)
    try:
        code = subprocess.run(command, check=False, **options).returncode
    except FileNotFoundError as error:
        raise DevError(f"'{command[0]}' was not found", MISSING) from error
    if code and check:
        raise DevError(f"{check} (exit code {code})\n  {quote(command)}")
    return code


def capture(command, **options):
    """Runs a command and returns its exit code and what it printed, both streams together."""
    options.setdefault("env", environment())
    options.setdefault("cwd", ROOT)
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, errors="replace",
                          check=False, **options)
    return done.returncode, done.stdout


def stamped(path, content):
    """Whether a stamp file says that the work described by `content` is done."""
    try:
        return path.read_text(encoding="utf-8") == content
    except OSError:
        return False


def stamp(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        file.write(content)
    os.replace(file.name, path)


@contextlib.contextmanager
def lock(name="lock"):
    """Only one ./dev at a time installs and builds, or has the bare root."""
    STATE.mkdir(parents=True, exist_ok=True)
    with open(STATE / name, "w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("waiting for another ./dev that is at work here")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def sources(*suffixes):
    """The project's files, tracked or not yet, that end in one of the suffixes."""
    code, output = capture(["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached",
                            "--others", "--exclude-standard"])
    if code == 0:
        names = [name for name in output.split("\0") if name]
    else:  # an unpacked archive
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()]
        names = [name for name in names if not name.startswith(("build", "install", ".git/"))]
    return sorted(ROOT / name for name in set(names)
                  if name.endswith(suffixes or "") and (ROOT / name).is_file())
