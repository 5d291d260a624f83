"""The command line of ./dev."""

import argparse
import sys

from . import common, cuda, docs, format as formatting, fresh, test, wheel
from .build import build
from .common import DevError, ROOT, run, tool
from .install import DOCS_PACKAGES, TEST_PACKAGES, install_ptxas

DESCRIPTION = """Builds, tests and runs sepconv. Every command first installs what is missing:
packages of the distribution (as root or with sudo), everything else below build/. A second run
neither installs nor builds again."""
EPILOG = """exit codes: 0 done, 1 a build or a test failed, 2 wrong usage, 3 something is missing
and could not be installed (the message says what, and the command to run)."""
JOBS = """how many files to compile or tests to run at once (default: one for each core, fewer where
memory is short)"""
FUZZERS = {what: f"test/fuzz/fuzz_{what}.py"
           for what in ("import", "onnx", "tflite", "functions", "mlir", "schedules", "calls")}
FUZZERS["shapes"] = "test/support/check_random_ops.py"
SANITIZE = "with AddressSanitizer and UndefinedBehaviorSanitizer, in build-asan/"


def parser():
    result = argparse.ArgumentParser(prog="./dev", description=DESCRIPTION, epilog=EPILOG)
    commands = result.add_subparsers(dest="command", metavar="COMMAND")
    result.commands = commands

    def command(name, function, text):
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        sub.set_defaults(function=function)
        return sub

    def add_build_options(sub):
        sub.add_argument("--sanitize", action="store_true", help=SANITIZE)
        sub.add_argument("-j", "--jobs", type=int, metavar="N", help=JOBS)

    sub = command("build", run_build, "build the tools into build/bin")
    add_build_options(sub)
    sub.add_argument("targets", nargs="*", metavar="TARGET", help="ninja's targets (default: all)")
    sub = command("test", run_test, "build, then run every test and check")
    add_build_options(sub)
    sub.add_argument("--filter", default="", metavar="REGEX",
                     help="only the tests whose name matches, such as IR/ or lint")
    sub.add_argument("--long", action="store_true",
                     help="also run in full what is otherwise sampled, and more random modules (hours)")
    sub.add_argument("--tensorflow", action="store_true",
                     help="also compare new random cases with TensorFlow, which is installed in "
                          "build/tensorflow (2 GB)")
    sub.add_argument("--frameworks", action="store_true",
                     help="also compile MobileNetV2 as an object of Keras, ONNX, TFLite and torch, and compare with "
                          "these, which are installed in build/tensorflow and build/frameworks (8 GB)")
    sub.add_argument("--cuda", action="store_true",
                     help="also run layers, networks and random modules on an NVIDIA GPU; where there is none, "
                          "only pack the program for a machine that has one and its driver")
    sub = command("fresh", run_fresh,
                  "run `./dev demo` and `./dev test` of HEAD as on a new machine: in a bare Debian root "
                  "(which needs root, and is removed afterwards)")
    sub.add_argument("arguments", nargs="*", help="for `./dev test`, such as --filter=IR/")
    sub = command("wheel", run_wheel, "build the Python package with all that it needs, a wheel in build/wheel")
    sub.add_argument("-j", "--jobs", type=int, metavar="N", help=JOBS)
    sub = command("docs", run_docs, "make a site of the documentation, in build/site")
    sub.add_argument("-j", "--jobs", type=int, metavar="N", help=JOBS)
    sub = command("demo", run_demo, "build, then compile a trained network and run it on real images")
    sub.add_argument("arguments", nargs="*", help="for examples/digits/demo.py")
    sub = command("bench", run_bench, "build, then measure against the peak and other runtimes")
    sub.add_argument("arguments", nargs="*",
                     help="for bench/run.py: `./dev bench layers --help` lists them; or --cuda alone, to measure "
                          "on a GPU; or int8, kernels, compile, first or ranking, which bench/README.md describes")
    sub = command("format", run_format, "format the C++ files as .clang-format says")
    sub.add_argument("--check", action="store_true", help="only list what is not formatted")
    sub = command("fuzz", run_fuzz, "search for failures with random inputs, for a given time")
    sub.add_argument("what", choices=list(FUZZERS),
                     help="with the sanitizers, import: mutated model files, functions: random calls of the "
                          "functions, mlir: random modules, schedules: random schedules, calls: calls of products with "
                          "wrong arguments; without, shapes: random operations compared with --lowering=reference")
    sub.add_argument("--seconds", type=int, default=600, metavar="N", help="default: 600")
    sub.add_argument("--seed", type=int, metavar="S", help="seed of the first input, to repeat a run (default: random)")
    sub.add_argument("-j", "--jobs", type=int, metavar="N", help=JOBS)
    sub = command("help", run_help, "print this help, or that of a command")
    sub.add_argument("topic", nargs="?", metavar="COMMAND")
    return result


def run_build(args):
    build(args.sanitize, args.jobs, args.targets)
    return 0


def run_test(args):
    folder = build(args.sanitize, args.jobs, packages=TEST_PACKAGES)
    install_ptxas()
    return test.run_all(folder, args)


def run_fresh(args):
    return fresh.run_fresh(args.arguments)


def run_wheel(args):
    return wheel.run_wheel(build(jobs=args.jobs, targets=["wheel-tools"]))


def run_docs(args):
    build(jobs=args.jobs, targets=["docs", "sepconv-compile", "sepconv-opt"], packages=DOCS_PACKAGES)
    return docs.run_docs()


def run_script(path, arguments):
    """Runs a Python program of the project, after building, with the virtual environment."""
    if not (ROOT / path).is_file():
        raise DevError(f"{path} does not exist")
    return run([tool("python"), ROOT / path, *arguments])


def run_demo(args):
    return run_script("examples/digits/demo.py", ["--build-dir", build(), *args.arguments])


def run_bench(args):
    if "--cuda" in args.arguments:
        if len(args.arguments) > 1:
            raise DevError("bench --cuda takes nothing else", common.USAGE)
        return cuda.bench(build())
    scripts = {"int8": "int8_layers", "kernels": "kernels", "compile": "compile_growth",
               "first": "first_result", "ranking": "ranking"}
    if script := scripts.get(next(iter(args.arguments), "")):
        return run_script(f"bench/{script}.py", ["--build-dir", build(), *args.arguments[1:]])
    return run_script("bench/run.py", ["--build-dir", build(), *args.arguments])


def run_fuzz(args):
    script = FUZZERS[args.what]
    folder = build(sanitize=args.what != "shapes", jobs=args.jobs)
    seed = [] if args.seed is None else ["--seed", str(args.seed)]
    return run_script(script, ["--build-dir", folder, "--seconds", str(args.seconds), *seed])


def run_format(args):
    return formatting.run(check=args.check)


def run_help(args):
    top = parser()
    if args.topic and args.topic not in top.commands.choices:
        top.error(f"unknown command '{args.topic}'")
    (top.commands.choices[args.topic] if args.topic else top).print_help()
    return 0


def parse(arguments):
    command, *rest = arguments or ["help"]
    # Another program's options are not for argparse, whose REMAINDER would not begin with one.
    if command in ("demo", "bench", "fresh") and rest not in (["-h"], ["--help"]):
        args = parser().parse_args([command])
        args.arguments = rest
        return args
    return parser().parse_args([command, *rest])


def main(arguments):
    args = parse(arguments)
    try:
        return args.function(args)
    except DevError as error:
        print(f"dev: {error}", file=sys.stderr, flush=True)
        return error.code
    except KeyboardInterrupt:
        return 130
