"""sepconv-tune: finds choices that the compiler takes, goes on where it was interrupted, and survives its boards."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import sepconv
from sepconv._candidates import Kernel, read_candidates
from support import DIGITS, digits

COMMAND = [sys.executable, "-m", "sepconv.tune", str(DIGITS), "--seconds=0.01", "-q"]


def tune(folder, *options, **more):
    return subprocess.run([*COMMAND, "-o", str(folder), *options], capture_output=True, text=True, check=False, **more)


class TuneTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def test_search(self):
        done = tune(self.folder, "--budget=2s")
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        self.assertRegex(done.stderr, r"wrote .*tuned.mlir: \d choices")
        text = (self.folder / "tuned.mlir").read_text()
        self.assertIn("// What sepconv-tune has measured for digits.keras, target host, threads 1", text)
        module = sepconv.compile(DIGITS, batch="dynamic", options=[f"--schedules={self.folder}"])
        images, expected = digits(100)
        self.assertLess(abs(module(images) - expected).max(), 1e-5)

    def test_interrupted(self):
        state = self.folder / "tune.json"
        with subprocess.Popen([*COMMAND, "-o", str(self.folder), "--budget=60s"], stderr=subprocess.PIPE) as process:
            while not state.exists() and process.poll() is None:
                time.sleep(0.05)
            process.send_signal(signal.SIGKILL)
        before = json.loads(state.read_text())
        self.assertEqual(tune(self.folder, "--budget=1s").returncode, 0)
        after = json.loads(state.read_text())
        self.assertEqual(before["key"], after["key"])
        for kernel, candidates in before["shares"].items():
            for candidate, shares in candidates.items():
                self.assertEqual(shares, after["shares"][kernel][candidate][:len(shares)])
        # Of another target nothing is known.
        self.assertEqual(tune(self.folder, "--budget=1s", "--compile-options=--batch=2").returncode, 0)
        self.assertNotEqual(after["key"], json.loads(state.read_text())["key"])

    @unittest.skipUnless(importlib.util.find_spec("ray"), "needs ray")
    def test_boards(self):
        with subprocess.Popen([*COMMAND, "-o", str(self.folder), "--budget=25s", "--workers=2"], text=True,
                              stderr=subprocess.PIPE) as process:
            while not (self.folder / "tune.json").exists() and process.poll() is None:
                time.sleep(0.05)
            boards = subprocess.run(["pgrep", "-f", "ray::Board"], capture_output=True, text=True, check=False)
            os.kill(int(boards.stdout.split()[0]), signal.SIGKILL)
            self.assertRegex(process.communicate()[1], "wrote .*tuned.mlir")
        self.assertEqual(process.returncode, 0)

    def test_errors(self):
        for options, code, message in (
                (["--budget=10x"], 2, "expected a time as 90s, 10m or 1h, found '10x'"),
                (["--threads=0"], 2, "expected positive numbers"),
                (["--ray-address=auto"], 2, "--ray-address has an effect only with --workers"),
                (["--compile-options=--batch=x"], 1, "unknown value 'x' of --batch"),
                (["--target=z80"], 1, "unknown target 'z80'"), (["--target=aarch64"], 1, "is for aarch64")):
            done = tune(self.folder, "--budget=1s", *options)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn(message, done.stderr)
        done = subprocess.run([*COMMAND[:3], "none.keras"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("none.keras", done.stderr)
        self.assertEqual(list(self.folder.iterdir()), [])


class CandidatesTest(unittest.TestCase):
    def test_read(self):
        lines = ['{"kernel":"k","facts":{"pool.c":8,"pool.least_c":8,"pool_sum.c":8,"pool_sum.r0":0}}',
                 '{"kernel":"k","schedule":"s","costs":[0,4],"parameters":{"tile":4,"lanes":8}}',
                 '{"kernel":"k","schedule":"s","costs":[0,8],"parameters":{"tile":2,"lanes":8},"searched":["tile"]}',
                 '{"kernel":"k","schedule":"s","costs":[0,6],"parameters":{"tile":3,"lanes":8},"searched":["tile"]}',
                 '{"kernel":"k","schedule":"t","costs":[],"parameters":{}}']
        kernel, = read_candidates(lines)
        self.assertEqual(kernel.condition(), "pool.c == 8")
        self.assertEqual(list(map(str, kernel.candidates)), ["t", "s tile=3", "s tile=2"])
        self.assertEqual(Kernel("k", {"a.r0": 1, "a.stride_c": 2, "a.x": 3}).condition(),
                         "a.r0 == 1 && a.x == 3")


if __name__ == "__main__":
    unittest.main()
