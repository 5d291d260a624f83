"""Measures: starts one process per participant and alternates between them within each case."""

import json
import os
import select
import signal
import subprocess
import tempfile
from pathlib import Path

import cases
import machine
import numpy as np
import report
from peers import OURS
from product import ProductError

# Largest error, relative to the largest output, up to which a result counts as right: far above what another order
# of additions does, far below what a wrong weight or border does.
TOLERANCE = 1e-4
SLICE_S, WARM_S, PEAK_S = 0.25, 0.1, 0.03
# A compiling peer may take a minute to load a network; what takes longer than this hangs.
TIMEOUT_S = 300


class Worker:
    """The process of one participant (worker.py); a dead one is started again by the next question."""

    def __init__(self, name, python, threads, ceilings, log):
        self.name, self.log, self.threads = name, log, threads
        program = Path(__file__).with_name("worker.py")
        self.command = [str(python), str(program), name, str(threads), str(ceilings)]
        self.process = None

    def start(self):
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = machine.pinned(
                self.command,
                machine.cpus(self.threads),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
            )

    def ask(self, **message):
        if self.process is None:
            self.start()
        try:
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            return json.loads(self.read_line())
        except (OSError, ValueError):
            return {"error": self.obituary()}

    def read_line(self):
        line = b""
        while not line.endswith(b"\n"):
            if not select.select([self.process.stdout], [], [], TIMEOUT_S)[0]:
                self.process.kill()
                raise TimeoutError
            piece = os.read(self.process.stdout.fileno(), 1 << 20)
            if not piece:
                break
            line += piece
        return line

    def obituary(self):
        code = self.process.wait()
        self.process = None
        reason = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        return f"the process died ({reason}); what it printed is in {self.log}"

    def close(self):
        if self.process:
            self.process.stdin.close()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process.stdout.close()
            self.process = None


class Bench:
    """Everything that the cases of one run share."""

    def __init__(self, build, participants, peers, compiler, ceilings, seconds, progress):
        self.build, self.participants, self.peers = build, participants, peers
        self.compiler, self.ceilings, self.progress = compiler, ceilings, progress
        self.rounds = max(1, round(seconds / SLICE_S))
        self.slice = seconds / self.rounds
        self.pool = (
            machine.compile_c("pool.c", build / "pool.so", "-shared", "-fPIC", "-pthread")
            if OURS in participants
            else None
        )
        self.workers = {}

    def models(self, case):
        return self.build / "models" / cases.file_name(case.case)

    def worker(self, name, threads):
        key = name, threads
        if key not in self.workers:
            python = self.peers.python(self.participants[name])
            log = self.build / "logs" / f"{name}.log"
            self.workers[key] = Worker(name, python, threads, self.ceilings.library, log)
        return self.workers[key]

    def close(self):
        for worker in self.workers.values():
            worker.close()
        self.workers = {}

    def load(self, name, case, threads, expected):
        """Loads the case and checks the output: the participant's record, with an error if it is not to be timed."""
        message, record = cases.to_json(case), {}
        if name == OURS:
            try:
                record = self.compiler.compile(case, self.models(case) / "model.keras", threads)
            except ProductError as error:
                return {"error": str(error)}
            message["sepconv"] = record | {"pool": str(self.pool)}
        worker = self.worker(name, threads)
        record |= worker.ask(load=str(self.models(case)), case=message)
        if "error" in record:
            return record
        with tempfile.TemporaryDirectory() as scratch:
            output = Path(scratch) / "output.npy"
            answer = worker.ask(save=str(output))
            return record | (answer if "error" in answer else check(np.load(output), expected))

    def measure(self, case, threads):
        """One case: every participant's figures, and the peak of the same minute."""
        records, live, possible, bursts = {}, {}, {}, {}
        on = machine.cpus(threads)
        expected = np.load(self.models(case) / "expected.npy")

        def peak():
            for cpu, (flops, times) in zip(on, self.ceilings.fma(PEAK_S, on)):
                bursts.setdefault(cpu, (flops, []))[1].extend(times)

        for name in self.participants:
            self.progress(f"{case.case}: {name} loads")
            records[name] = self.load(name, case, threads, expected)
            if "error" not in records[name]:
                live[name], possible[name] = [], []
        for name in live:
            self.worker(name, threads).ask(run=WARM_S)
        for number in range(self.rounds):
            self.progress(f"{case.case}: round {number + 1} of {self.rounds}")
            peak()
            # Each round begins with another participant, so that none always follows the same one.
            order = list(live)[number % max(len(live), 1) :] + list(live)[: number % max(len(live), 1)]
            for name in order:
                answer = self.worker(name, threads).ask(run=self.slice)
                live[name] += answer.pop("times", [])
                possible[name] += answer.pop("possible_flops", [])
                records[name] |= answer
        peak()
        flops = json.loads((self.models(case) / "case.json").read_text())["flops"]
        for name, times in live.items():
            if "error" not in records[name]:
                records[name] |= report.summary(times) | report.share_of_peak(flops, possible[name])
        bursts = list(bursts.values())
        record = {
            "case": case.case,
            "threads": threads,
            "quiet": round(report.quiet(bursts), 3),
            "participants": records,
        }
        return report.complete(record, flops, report.peak_gflops(bursts))


def check(output, expected):
    """The largest error, and an 'error' if it is too large: a wrong result is not timed."""
    if output.size != expected.size:
        return {"max_error": None, "error": f"wrong shape: {list(output.shape)}, expected {list(expected.shape)}"}
    output, expected = output.reshape(-1).astype(np.float64), expected.reshape(-1)
    error = float(np.abs(output - expected).max() / np.abs(expected).max())
    if not error <= TOLERANCE:  # also if it is not a number
        return {
            "max_error": repr(error),
            "error": f"wrong result: largest error {error:.2g} of the largest output, at most {TOLERANCE:g} expected",
        }
    return {"max_error": error}
