"""One participant in one process: reads commands as JSON lines on stdin, answers as JSON lines on stdout.

usage: worker.py PARTICIPANT THREADS CEILINGS
       (run.py starts it, in the participant's environment, pinned to THREADS CPUs; CEILINGS is ceilings.c as a library)
commands: {"load": FOLDER, "case": {...}}   loads the case whose files are in FOLDER and runs it once
          {"save": FILE}                    writes the output as .npy
          {"run": SECONDS}                  runs it again and again
answers: {"load_s": ...}, {}, {"times": [...], "possible_flops": [...], "rss_mib": ...}, or {"error": ...}
"""

import ctypes
import json
import os
import resource
import sys
import time

# A slice begins with other participants' data in the caches; that run is not counted.
UNCOUNTED = 1
# So much time between two measurements of the peak, which take 20 us: clocks stay the same for milliseconds.
BURSTS_S = 1e-3


def peak_rss_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


class Peak:
    """What this CPU can multiply and add right now: its clock depends on what it has just done."""

    def __init__(self, path, threads):
        library = ctypes.CDLL(path)
        self.burst = library.fmaBurst
        self.burst.restype = ctypes.c_double
        self.flops = threads * ctypes.c_double.in_dll(library, "fmaBurstFlops").value

    def rate(self):
        self.burst()  # the first one after anything else takes up to twice as long
        return self.flops / self.burst()


def timed(call, seconds, rate):
    """The times of calls, and the FLOP that bursts around them could have done in the mean time of a call."""
    for _ in range(UNCOUNTED):
        call()
    times, possible, since, before = [], [], [], rate()
    end = time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        call()
        stop = time.perf_counter()
        since.append(stop - start)
        if sum(since) >= BURSTS_S or stop >= end:
            after = rate()
            possible.append(sum(since) / len(since) * (before + after) / 2)
            times += since
            since, before = [], after
        if stop >= end:
            return times, possible


class Server:
    def __init__(self, loader, threads, peak):
        self.loader, self.threads, self.peak = loader, threads, peak
        self.call = self.result = None

    def load(self, message):
        import numpy as np

        x = np.load(f"{message['load']}/input.npy")
        self.call = self.result = None  # frees what the last case had
        start = time.perf_counter()
        self.call, self.result, about = self.loader(message["load"], message["case"], x, self.threads)
        self.call()
        return {"load_s": time.perf_counter() - start, **about}

    def save(self, message):
        import numpy as np

        np.save(message["save"], self.result())
        return {}

    def run(self, message):
        times, possible = timed(self.call, message["run"], self.peak.rate)
        return {"times": times, "possible_flops": possible, "rss_mib": peak_rss_mib()}

    def answer(self, message):
        try:
            for command in ("load", "save", "run"):
                if command in message:
                    return getattr(self, command)(message)
            return {"error": f"unknown command {message}"}
        except Exception as error:  # whatever a peer throws is its record in the table
            return {"error": f"{type(error).__name__}: {error}"}


def main():
    participant, threads, ceilings = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever a library prints goes to the log
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = str(threads)
    import loaders

    server = Server(loaders.LOADERS[participant], threads, Peak(ceilings, threads))
    for line in sys.stdin:
        print(json.dumps(server.answer(json.loads(line))), file=answers)


if __name__ == "__main__":
    main()
