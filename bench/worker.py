"""One participant in one process: reads commands as JSON lines on stdin, answers as JSON lines on stdout.

usage: worker.py PARTICIPANT THREADS     (run.py starts it, in the participant's environment, pinned to THREADS CPUs)
commands: {"load": FOLDER, "case": {...}}   loads the case whose files are in FOLDER and runs it once
          {"save": FILE}                    writes the output as .npy
          {"run": SECONDS}                  runs it again and again
answers: {"load_s": ...}, {}, {"times": [...], "rss_mib": ...}, or {"error": ...}
"""

import json
import os
import resource
import sys
import time

# A slice begins with other participants' data in the caches; that run is not counted.
UNCOUNTED = 1


def peak_rss_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def timed(call, seconds):
    for _ in range(UNCOUNTED):
        call()
    times, end = [], time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        call()
        stop = time.perf_counter()
        times.append(stop - start)
        if stop >= end:
            return times


class Server:
    def __init__(self, loader, threads):
        self.loader, self.threads = loader, threads
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
        return {"times": timed(self.call, message["run"]), "rss_mib": peak_rss_mib()}

    def answer(self, message):
        try:
            for command in ("load", "save", "run"):
                if command in message:
                    return getattr(self, command)(message)
            return {"error": f"unknown command {message}"}
        except Exception as error:  # whatever a peer throws is its record in the table
            return {"error": f"{type(error).__name__}: {error}"}


def main():
    participant, threads = sys.argv[1], int(sys.argv[2])
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever a library prints goes to the log
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = str(threads)
    import loaders

    server = Server(loaders.LOADERS[participant], threads)
    for line in sys.stdin:
        print(json.dumps(server.answer(json.loads(line))), file=answers)


if __name__ == "__main__":
    main()
