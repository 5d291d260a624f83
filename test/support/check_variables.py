#!/usr/bin/env python3
"""Check what products do with variables: regularize and constrain them, and reject wrong arguments.

Losses and constrained values are compared with the results of Keras (test/Execution/variables). Standard library only.
"""

import array
import ctypes
import statistics
import sys

from product import Buffer
from variables import check_all, close, expect, load_case


def check_loss(options, directory):
    variables, arrays = load_case(options, directory)
    loss = Buffer(4, 4)
    expect(variables.call("regularization_loss", after=[loss]) == 0, "a status that is not OK")
    loss.check("the loss")
    close(array.array("f", loss.content()), arrays["loss"].data, "loss")


def check_activity_loss(options, directory):
    variables, arrays = load_case(options, directory, "--batch=2")
    names = [output["name"] for output in variables.product.description["outputs"]]
    expect(names == ["activity", "activity_regularization_loss"], f"outputs {names}")
    results = variables.run([arrays["input"].data.tobytes()])
    for name, content in zip(("output", "activity_loss"), results):
        close(array.array("f", content), arrays[name].data, name)


def check_orthogonal_loss(options, directory):
    variables, arrays = load_case(options, directory, "--batch=5", case="orthogonal")
    results = variables.run([arrays["input"].data.tobytes()])
    for name, content in zip(("output", "activity_loss"), results, strict=True):
        close(array.array("f", content), arrays[name].data, name)


def check_losses_of_images(options, directory):
    """Of a dynamic batch, each image has a loss of its own; Keras's is their mean."""
    variables, arrays = load_case(options, directory, "--batch=dynamic")
    _, losses = variables.run([arrays["input"].data.tobytes()], batch=2)
    close([statistics.fmean(array.array("f", losses))], arrays["activity_loss"].data, "loss")


def check_constraints(options, directory):
    variables, arrays = load_case(options, directory)
    expect(variables.call("apply_constraints") == 0, "a status that is not OK")
    for name in variables.buffers:
        close(variables.values(name), arrays[f"after/{name}"].data, name)
    changed = [
        name
        for name in variables.buffers
        if arrays[f"after/{name}"] != arrays[f"before/{name}"]
    ]
    expect(len(changed) == 8, f"the case has {len(changed)} variables that are constrained")


def check_statuses(options, directory):
    variables, _ = load_case(options, directory)
    before = [buffer.content() for buffer in variables.buffers.values()]
    good, loss = list(variables.buffers.values()), Buffer(8, 8)

    class Wrong(Buffer):
        def __init__(self, address, size):
            self.address, self.size = address, size

    wrong = {1: Wrong(None, good[1].size), 2: Wrong(good[1].address + 2, good[1].size)}
    wrong[3] = Wrong(good[1].address, good[1].size - 1)
    for status, buffer in wrong.items():
        buffers = [good[0], buffer, *good[2:]]
        seed = ctypes.c_uint64(1)
        found = [
            variables.call("init", seed, buffers=buffers),
            variables.call("apply_constraints", buffers=buffers),
            variables.call("regularization_loss", buffers=buffers, after=[loss]),
        ]
        expect(found == [status] * 3, f"expected three times status {status}, found {found}")
    wrong_losses = {1: Wrong(None, 4), 2: Wrong(loss.address + 1, 4), 3: Wrong(loss.address, 3)}
    for status, buffer in wrong_losses.items():
        found = variables.call("regularization_loss", after=[buffer])
        expect(found == status, f"expected status {status} of the loss, found {found}")
    after = [buffer.content() for buffer in variables.buffers.values()]
    expect(before == after, "a call that failed changed a variable")


CHECKS = [check_loss, check_activity_loss, check_orthogonal_loss, check_losses_of_images, check_constraints,
          check_statuses]

if __name__ == "__main__":
    sys.exit(check_all(__doc__.splitlines()[0], CHECKS))
