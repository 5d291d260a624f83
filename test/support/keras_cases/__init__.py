"""The small Keras models of test/Execution/keras, one function each.

A function returns a model. Keras can build layers that TensorFlow does not run on a CPU: a function
with the parameter `data_format` is saved as channels_first, and its channels_last twin with the same
weights computes the expected output; one with the parameter `runnable` returns such a twin when it is
true. Together the functions cover every layer and argument that the importer reads; the sizes are
odd on purpose, so that every loop has a tail.
"""

from keras import Input, Model

CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def branches(shape, *stacks):
    """A model that sends one input through each stack of layers, with one output for each."""
    x = Input(shape, name="x")
    outputs = []
    for stack in stacks:
        y = x
        for layer in stack if isinstance(stack, (list, tuple)) else [stack]:
            y = layer(y)
        outputs.append(y)
    return Model(x, outputs)


from . import (  # noqa: E402, F401
    activations,
    arrays,
    convolutions,
    equations,
    joins,
    more_operations,
    networks,
    normalization,
    numbers,
    operations,
    recurrence,
    resizing,
    sampling,
    shapes,
    signals,
    slices,
    statistics,
    types,
)
