"""Tests of the bench itself, without peers and without sepconv-compile: python -m unittest discover bench"""

import contextlib
import dataclasses
import io
import json
import sys
import tempfile
import textwrap
import time
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import cases
import measure
import plot
import report
import run
import worker
from peers import PeerError, Peers

TINY = cases.Layer("tiny", "plain", height=5, width=6, channels_in=3, channels_out=4, kernel=3, stride=2)

# What sepconv-compile makes, as far as the bench sees it: one task per output row, padding 'same'.
PRODUCT = """
#include <stddef.h>
static const float depthwise[] = {%(depthwise)s}, pointwise[] = {%(pointwise)s}, bias[] = {%(pointwise_bias)s};
struct run { const float *x; float *y; };
static void row(void *context, size_t i) {
  struct run *r = context;
  for (int j = 0; j < 3; ++j)
    for (int k = 0; k < 4; ++k) {
      float sum = bias[k];
      for (int c = 0; c < 3; ++c)
        for (int di = 0; di < 3; ++di)
          for (int dj = 0; dj < 3; ++dj) {
            int h = 2 * (int)i + di - 1, w = 2 * j + dj - 0;
            if (h >= 0 && h < 5 && w < 6)
              sum += r->x[(h * 6 + w) * 3 + c] * depthwise[(di * 3 + dj) * 3 + c] * pointwise[c * 4 + k];
          }
      r->y[(i * 3 + j) * 4 + k] = sum * FACTOR;
    }
}
const char *tiny_plain_description(void) {
  return "{\\"inputs\\": [{\\"bytes\\": 360}], \\"outputs\\": [{\\"bytes\\": 144, \\"shape\\": [1, 3, 3, 4]}],"
         "\\"workspace\\": {\\"bytes\\": 64, \\"alignment\\": 64}, \\"threads\\": \\"" THREADS "\\"}";
}
const char *tiny_plain_status_message(int status) { return status == 3 ? "too small" : "misaligned"; }
int tiny_plain_run(const float *x, size_t x_bytes, float *y, size_t y_bytes, void *work, size_t work_bytes
#ifdef CALLBACK
, void (*parallel_for)(void *, size_t, void (*)(void *, size_t), void *), void *pool
#endif
) {
  struct run r = {x, y};
  if (x_bytes != 360 || y_bytes != 144 || work_bytes != 64)
    return 3;
  if ((size_t)work %% 64)
    return 2;
#ifdef CALLBACK
  if (parallel_for)
    return parallel_for(pool, 3, row, &r), 0;
#endif
  for (size_t i = 0; i < 3; ++i)
    row(&r, i);
  return 0;
}
"""

COMPILER = """#!/bin/sh
# sepconv-compile MODEL -o DIR --name=NAME --emit=shared --threads=none|callback [--factor=F]
factor=1
for a; do case $a in
  --name=*) name=${a#*=};; --threads=*) threads=${a#*=};; --factor=*) factor=${a#*=};;
  --fail) echo "tiny: not today" >&2; exit 1;; esac; done
[ $threads = callback ] && define=-DCALLBACK
for cc in $CC cc gcc clang clang-22; do command -v $cc > /dev/null && break; done
exec $cc -shared -fPIC -O1 $define "-DFACTOR=($factor)" "-DTHREADS=\\"$threads\\"" \\
  "$(dirname "$1")/model.c" -o "$3/lib$name.so"
"""


def expected(layer, weights):
    """The separable layer by its definition."""
    x = np.pad(weights["input"][0], [*layer.padding, (0, 0)])
    (down, right), k = layer.strides, layer.kernel
    y = np.zeros((layer.output_height, layer.output_width, layer.channels_out), np.float32)
    for i, j in np.ndindex(y.shape[:2]):
        window = x[i * down : i * down + k, j * right : j * right + k]
        y[i, j] = (window * weights["depthwise"][..., 0]).sum((0, 1)) @ weights["pointwise"] + weights["pointwise_bias"]
    return y[None]


def record(p5, case="a/plain", threads=1, flops=2_000_000, **errors):
    figures = {
        name: {"min_ms": p5[name] * 0.9, "p5_ms": p5[name], "median_ms": p5[name] * 1.2, "share_of_peak": 0.5}
        for name in p5
    }
    figures |= {name: {"error": text} for name, text in errors.items()}
    return report.complete({"case": case, "threads": threads, "quiet": 1.0, "participants": figures}, flops, 100.0)


class CasesTest(unittest.TestCase):
    def test_shape_files(self):
        for found in map(cases.load, cases.FILES):
            names = [cases.identifier(case.case) for case in found]
            self.assertEqual(len(names), len(set(names)))
            self.assertEqual(found, [cases.from_json(cases.to_json(case)) for case in found])

    def test_flops(self):
        (layer,) = cases.load("layers", "^mobilenet_56x56_128_128/plain$")
        self.assertEqual(layer.flops, 2 * 56 * 56 * 128 * (9 + 128))
        self.assertEqual(TINY.padding, ((1, 1), (0, 1)))
        unequal = dataclasses.replace(TINY, stride=[3, 1])
        self.assertEqual((unequal.output_height, unequal.output_width), (2, 6))
        self.assertEqual(unequal.padding, ((0, 1), (1, 1)))

    def test_errors(self):
        def message(function, *arguments):
            with self.assertRaises(cases.CaseError) as caught:
                function(*arguments)
            return str(caught.exception)

        self.assertIn("no case of 'networks' matches 'nothing'", message(cases.load, "networks", "nothing"))
        self.assertIn("no regular expression", message(cases.load, "layers", "("))
        entry = {"name": "n", "size": 0}
        self.assertEqual(
            "f: 'n': 'size' is 0, expected a positive integer", message(cases.record, entry, cases.Network, "f")
        )
        self.assertIn("unknown key 'siz'", message(cases.record, {"name": "n", "siz": 1}, cases.Network, "f"))
        self.assertEqual("f: 'n': missing size", message(cases.record, {"name": "n"}, cases.Network, "f"))


class ReportTest(unittest.TestCase):
    def test_summary(self):
        figures = report.summary([i * 1e-3 for i in range(100, 0, -1)])
        self.assertEqual(figures, {"min_ms": 1.0, "p5_ms": 6.0, "median_ms": 50.5, "runs": 100})
        self.assertAlmostEqual(report.peak_gflops([(1000, [1e-6] * 20), (1000, [2e-6] * 20)]), 1.5)
        self.assertAlmostEqual(report.quiet([(1, [1.0] * 9 + [11.0])]), 0.5)

    def test_complete(self):
        done = record({"sepconv": 0.05, "litert": 0.06, "openvino": 0.08})
        self.assertEqual((done["fastest_peer"], done["speedup"]), ("litert", 1.2))
        self.assertEqual(done["participants"]["sepconv"]["gflops"], 40)
        self.assertEqual(done["participants"]["sepconv"]["share_of_best"], 0.4)

    def test_share_of_peak(self):
        self.assertEqual(report.share_of_peak(30.0, [30.0, 40.0, 60.0]), {"share_of_peak": 0.75})
        calls, rates = [], iter([1e9, 3e9] * 1000)
        times, possible = worker.timed(lambda: calls.append(time.sleep(2e-3)), 5e-3, lambda: next(rates))
        self.assertEqual(len(times), len(calls) - worker.UNCOUNTED)
        # Each call takes longer than the time between bursts: the mean of the rates before and after it.
        self.assertEqual(possible, [2e9 * seconds for seconds in times])

    def test_bursts_between_calls(self):
        clock, rates, order = [0.0], iter([1e9, 2e9, 4e9]), []

        def call():
            order.append("call")
            clock[0] += 0.375e-3

        def rate():
            order.append("burst")
            clock[0] += 1  # must be in no call's time
            return next(rates)

        with mock.patch.object(worker.time, "perf_counter", lambda: clock[0]):
            times, possible = worker.timed(call, 1.0005, rate)
        self.assertEqual(order, ["call", "burst"] + ["call"] * 3 + ["burst", "call", "burst"])
        np.testing.assert_allclose(times, [0.375e-3] * 4)
        np.testing.assert_allclose(possible, [0.375e-3 * 1.5e9, 0.375e-3 * 3e9])

    def test_second_burst_counts(self):
        with tempfile.TemporaryDirectory() as folder:
            path = run.machine.compile_c("ceilings.c", Path(folder) / "ceilings.so", "-shared", "-fPIC")
            peak = worker.Peak(str(path), 2)
        self.assertGreater(peak.rate(), 2e9)
        flops, seconds = peak.flops, iter([2.0, 1.0])
        peak.burst = lambda: next(seconds)
        self.assertEqual(peak.rate(), flops)

    def test_table(self):
        table = report.Table(["sepconv", "litert", "openvino"], 7)
        head = "case       sepconv    minimum     median   GFLOP/s    peak    best     litert   openvino  speed-up"
        self.assertEqual(table.header(), head)
        row = "a/plain     0.0500     0.0450     0.0600      40.0    50 %    40 %    *0.0600      12.34      1.20"
        self.assertEqual(table.line(record({"sepconv": 0.05, "litert": 0.06, "openvino": 12.34})), row)
        failed = record({"litert": 1234.5}, sepconv="it died")
        self.assertIn("failed", table.line(failed))
        self.assertIn("*1234 ", table.line(failed))
        self.assertIn("sepconv: it died\n  in (threads) a/plain (1)", report.legend([failed]))

    def test_table_without_ours(self):
        self.assertEqual(report.Table(["litert"], 4).line(record({"litert": 2.0}, "c")), "c        *2.000")

    def test_check(self):
        right = np.ones((2, 2), np.float32)
        self.assertEqual(measure.check(right, right), {"max_error": 0})
        self.assertIn("wrong result", measure.check(right * np.float32(1.01), right)["error"])
        self.assertIn("wrong result", measure.check(right * np.nan, right)["error"])
        self.assertIn("wrong shape", measure.check(right[0], right)["error"])

    def test_json_and_plot(self):
        data = {
            "what": "layers",
            "machine": {"cpu": "c", "date": "2020-01-01T00:00"},
            "results": [record({"sepconv": 1.0, "litert": 2.0}), record({"litert": 2.0}, threads=2)],
        }
        with tempfile.TemporaryDirectory() as folder:
            report.write_json(Path(folder) / "new" / "r.json", data)
            self.assertEqual(json.loads((Path(folder) / "new" / "r.json").read_text()), data)
            self.assertEqual(len(list(Path(folder).glob("new/*"))), 1)
            try:
                plot.draw(data, Path(folder) / "r.png")
            except ImportError:
                self.skipTest("no matplotlib")
            self.assertEqual((Path(folder) / "r.png").read_bytes()[:4], b"\x89PNG")


class RunTest(unittest.TestCase):
    """The whole way with a stand-in for sepconv-compile: command line, worker, pool, ceilings, table, JSON."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.build = Path(scratch.name)
        weights = TINY.weights()
        folder = self.build / "bench" / "models" / cases.file_name(TINY.case)
        folder.mkdir(parents=True)
        np.save(folder / "input.npy", weights["input"])
        np.save(folder / "expected.npy", expected(TINY, weights))
        text = {name: ", ".join(map(str, value.reshape(-1))) for name, value in weights.items()}
        (folder / "model.c").write_text(textwrap.dedent(PRODUCT % text))
        about = {"version": cases.FILES_VERSION, "case": cases.to_json(TINY), "flops": TINY.flops}
        (folder / "case.json").write_text(json.dumps(about))
        compiler = self.build / "bin" / "sepconv-compile"
        compiler.parent.mkdir()
        compiler.write_text(COMPILER)
        compiler.chmod(0o755)

    def bench(self, *arguments):
        out, err = io.StringIO(), io.StringIO()
        arguments = ["layers", "--only", "sepconv", "--seconds", "0.02", "--build-dir", str(self.build), *arguments]
        chosen = mock.patch.object(cases, "load", return_value=[TINY])
        # Bandwidth takes seconds, and has nothing to go wrong here.
        memory = mock.patch.object(run.machine.Ceilings, "memory", return_value={"L1": {"gbs": 1}})
        with chosen, memory, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run.main(arguments)
        return code, out.getvalue(), err.getvalue()

    def test_right(self):
        threads = "1,2" if len(run.machine.os.sched_getaffinity(0)) > 1 else "1"
        code, out, err = self.bench("--threads", threads, "--json", str(self.build / "r.json"))
        self.assertEqual((code, err.replace("no plot: this Python has no matplotlib\n", "")), (0, ""), out)
        self.assertIn("tiny/plain", out)
        data = json.loads((self.build / "r.json").read_text())
        self.assertEqual([str(r["threads"]) for r in data["results"]], threads.split(","))
        for result in data["results"]:
            ours = result["participants"]["sepconv"]
            self.assertLess(ours["max_error"], 1e-6)
            self.assertLess(ours["min_ms"], ours["median_ms"])
            self.assertGreater(result["peak_gflops"], 1)
            # Nothing multiplies faster than the bursts do.
            self.assertLess(ours["share_of_peak"], 1)
            self.assertLess(ours["share_of_best"], 1)

    def test_wrong_is_not_timed(self):
        code, out, _ = self.bench("--threads", "1", "--compile-options=--factor=1.01")
        self.assertEqual(code, 1)
        self.assertIn("  wrong", out)
        self.assertIn("sepconv: wrong result: largest error 0.01", out)

    def test_compiler_fails(self):
        code, out, _ = self.bench("--threads", "1", "--compile-options=--fail")
        self.assertEqual(code, 1)
        self.assertIn("tiny: not today", out)

    def test_product_crashes(self):
        code, out, _ = self.bench("--threads", "1", "--compile-options=--factor=__builtin_trap(),1")
        self.assertEqual(code, 1)
        self.assertRegex(out, r"sepconv: the process died \(SIG(ILL|TRAP)\); what it printed is in .*sepconv.log")

    def test_no_compiler(self):
        (self.build / "bin" / "sepconv-compile").unlink()
        code, _, err = self.bench()
        self.assertEqual(code, 1)
        self.assertIn("does not exist: run './dev build' first", err)

    def test_too_many_threads(self):
        code, _, err = self.bench("--threads", "4096")
        self.assertEqual(code, 1)
        self.assertIn("4096 threads asked for", err)

    def test_peers_missing(self):
        with self.assertRaisesRegex(PeerError, "not installed: litert; run './dev bench --peers'"):
            Peers(self.build / "peers").choose("layers", ["litert"])
        with self.assertRaisesRegex(PeerError, "'nobody' does not run 'layers'"):
            Peers(self.build / "peers").choose("layers", ["nobody"])
        self.assertEqual(list(Peers(self.build / "peers").choose("layers", [])[0]), ["sepconv"])


if __name__ == "__main__":
    unittest.main()
