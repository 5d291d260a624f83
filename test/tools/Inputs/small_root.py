"""Runs a script with utils/dev/fresh.py, in a root of a few programs, and says what is left of it when it ends or is
ended by a signal.  usage: small_root.py DIRECTORY SCRIPT [SIGNAL]"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "utils"))

from dev import fresh

PROGRAMS = ["sh", "env", "cat", "sleep", "touch"]


def few_programs(*_):
    """What debootstrap would make."""
    for program in map(shutil.which, PROGRAMS):
        linked = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
        for path in [program, *re.findall(r"(/\S+) \(", linked)]:
            fresh.copy(Path(path), path[1:])
            (fresh.PLACE / path[1:]).chmod(0o755)
    for folder in ("dev", "proc"):
        (fresh.PLACE / folder).mkdir()


def run(folder, script):
    fresh.PLACE, fresh.SHARED = folder, Path(__file__).parent
    fresh.debootstrap = few_programs
    fresh.package_sources = lambda: [("address", "suite", "main")]
    fresh.COMMANDS = (["sh", "-c", script],)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background may ignore it
    try:
        return fresh.run_fresh([])
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def processes(folder):
    """Those that have the folder as their root. If this process is in a chroot, the kernel gives their roots as paths
    from the root of the machine."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            found += [process.name] * os.readlink(process / "root").endswith(str(folder))
        except OSError:
            pass  # it has ended
    return found


def wait(condition):
    end = time.monotonic() + 60
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def main(folder, script, name=None):
    if name == "child":
        return run(folder, script)
    with subprocess.Popen([sys.executable, "-B", __file__, folder, script, "child"]) as child:
        if name:
            started = wait((folder / "started").exists) and processes(folder)
            child.send_signal(getattr(signal, name))
    ended = wait(lambda: not processes(folder))
    mounts = Path("/proc/mounts").read_text(encoding="utf-8").count(str(folder))
    print(f"exit code {child.returncode}, {'processes' if name and started else 'nothing'} before, "
          f"{'nothing' if ended else 'processes'} after, {mounts} mounts, {'a' if folder.exists() else 'no'} root")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
