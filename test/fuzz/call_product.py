#!/usr/bin/env python3
"""Compiles a model and calls it with wrong arguments: null, misaligned, too few bytes, sizes beyond 64 bits.

usage: call_product.py COMPILER MODEL --seed S [COMPILER OPTIONS...]

A call returns a status, and writes nothing outside of what it was given. The exit code is 2 where one does; a crash is
one of this program.
"""
import argparse
import ctypes
import random
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from checking import Failure  # noqa: E402
from product import Product  # noqa: E402

CALLS = 200
SIZES = (0, 1, 2, 2**16, 2**31 - 1, 2**31, 2**32, 2**61, 2**62, 2**63, 2**64 - 1)


def change(arguments, at, rng, may_grow):
    """Replaces an argument; by more memory than there is only where no other argument says so too, and not by more of
    a workspace that tasks share: they use all of it. What begins later is shorter, since its alignment may be right."""
    argument, after = arguments[at], arguments[at + 1] if at + 1 < len(arguments) else None
    if isinstance(argument, ctypes.c_size_t):
        sizes = (*SIZES, argument.value - 1, argument.value + 1, argument.value // 2)
        arguments[at] = ctypes.c_size_t(rng.choice([size for size in sizes if may_grow or 0 <= size <= argument.value]))
    elif type(argument) is ctypes.c_void_p and argument.value:
        later = rng.choice((None, 1, 4))
        arguments[at] = ctypes.c_void_p(None if later is None else argument.value + later)
        if later and isinstance(after, ctypes.c_size_t):
            arguments[at + 1] = ctypes.c_size_t(max(after.value - later, 0))


class WildProduct(Product):
    def __init__(self, path, name, rng):
        super().__init__(path, name)
        right, may_grow = self.run_function, not self.description["workspace"].get("thread_bytes")

        def call(*arguments):
            arguments, count = list(arguments), rng.choice((0, 1, 1, 1, 2))
            for _ in range(count):  # one that begins later and one that is longer would be a lie that no product sees
                change(arguments, rng.randrange(len(arguments)), rng, may_grow and count == 1)
            return right(*arguments)

        self.run_function = call


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("compiler")
    parser.add_argument("model", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    arguments, options = parser.parse_known_args()
    command = [arguments.compiler, arguments.model, "-o", "product", "--name=net", "--emit=shared", *options]
    if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
        return 1
    rng = random.Random(arguments.seed)
    product = WildProduct("product/libnet.so", "net", rng)
    if product.description["weights"]["mode"] == "file":
        product.use_weights_file("product/net.weights")
    statuses = set()
    for _ in range(CALLS):
        try:
            product.run([bytes(port["bytes"]) for port in product.description["inputs"]])
        except Failure as problem:
            statuses.add(str(problem).split(":", maxsplit=1)[0])
            if not str(problem).startswith("status "):
                print(problem, file=sys.stderr)
                return 2
    print(*sorted(statuses), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
