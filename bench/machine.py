"""The machine and its limits: compiles and runs ceilings.c."""

import datetime
import json
import os
import platform
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent


class MachineError(Exception):
    """Something that this machine lacks; the message is for the user."""


def cpus(count):
    """The CPUs that a measurement with so many threads is pinned to: of different cores, as long as there are any."""
    available = sorted(os.sched_getaffinity(0))
    if count > len(available):
        raise MachineError(f"--threads: {count} threads asked for, this process may use {len(available)} CPUs")
    firsts = {core(cpu): cpu for cpu in reversed(available)}.values()
    return sorted(available, key=lambda cpu: (cpu not in firsts, cpu))[:count]


def core(cpu):
    """The same for CPUs that share a core."""
    try:
        return Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text()
    except OSError:
        return cpu


def pinned(command, on, **options):
    """Starts a process that may run on these CPUs only."""
    return subprocess.Popen(command, preexec_fn=lambda: os.sched_setaffinity(0, on), **options)


def compile_c(source, target, *flags):
    """Compiles one C file of this folder with the machine's compiler."""
    compiler = os.environ.get("CC") or next(filter(shutil.which, ("cc", "gcc", "clang", "clang-22")), None)
    if not compiler:
        raise MachineError("no C compiler: install gcc or clang, or set CC")
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [*compiler.split(), "-O3", "-march=native", str(HERE / source), "-o", str(target), *flags]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise MachineError(f"'{' '.join(command)}' failed:\n{done.stderr}")
    return target


class Ceilings:
    def __init__(self, build):
        # Without the flag, compilers use half-width vectors on AVX-512 machines.
        wide = ["-mprefer-vector-width=512"] if platform.machine() == "x86_64" else []
        self.tool = compile_c("ceilings.c", build / "ceilings", *wide)
        self.library = compile_c("ceilings.c", build / "ceilings.so", "-shared", "-fPIC", *wide)
        self.isa = None

    def ask(self, what, seconds, on):
        """Runs the tool on each of these CPUs at once; the answers in their order."""
        tools = [pinned([self.tool, what, str(seconds)], [cpu], stdout=subprocess.PIPE, text=True) for cpu in on]
        answers = [tool.communicate()[0] for tool in tools]
        if any(tool.returncode for tool in tools):
            raise MachineError(f"'{self.tool} {what} {seconds}' failed")
        return [json.loads(answer) for answer in answers]

    def memory(self, seconds=0.2):
        """GB/s of one CPU by memory level."""
        return self.ask("memory", seconds, cpus(1))[0]

    def dot(self, seconds=0.2):
        """Products of bytes per second of one CPU; None if it has no instruction that adds them up."""
        answer = self.ask("dot", seconds, cpus(1))[0]
        return answer["products"] / answer["best"] if answer else None

    def fma(self, seconds, on):
        """(flops of one burst, its times) for each CPU, while all of them are busy."""
        answers = self.ask("fma", seconds, on)
        self.isa = answers[0]["isa"]
        return [(answer["burst_flops"], answer["times"]) for answer in answers]


def cpu_name():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    for key in ("model name", "CPU implementer"):
        for line in lines:
            if line.startswith(key):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown"


def describe():
    return {
        "name": platform.node(),
        "cpu": cpu_name(),
        "architecture": platform.machine(),
        "cpus": len(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.release()}",
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
    }
