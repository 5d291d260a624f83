"""Random modules, and the same ones in float64 as an oracle."""

from random_ops import ModuleGenerator, generate_numbers
from random_shapes import DynamicSize


def generate_with_oracle(rng, operations, dtype):
    """A module of so many operations, or of one for each schedule where that is None, the same one in float64 as an
    oracle, which computes with the same numbers more precisely, the arrays of its inputs and weights by name, whether
    it has weights that are arguments, and the number of its outputs."""
    state = rng.getstate()
    module, inputs, weights, outputs = generate_module(rng, operations, dtype, dtype)
    rng.setstate(state)
    oracle = generate_module(rng, operations, dtype, "float64")[0]
    arrays = {f"in{n}": generate_numbers(rng, dtype, list(map(int, shape)), -1) for n, shape in enumerate(inputs)}
    arrays |= {f"w{n}": generate_numbers(rng, dtype, *weight) for n, weight in enumerate(weights)}
    return module, oracle, arrays, bool(weights), outputs


def input_attributes(number, shape):
    sizes = [extent.attribute(f"size{number}_{i}") for i, extent in enumerate(shape) if isinstance(extent, DynamicSize)]
    return [f'sepconv.name = "in{number}"'] + ([f"sepconv.sizes = [{', '.join(sizes)}]"] if sizes else [])


def generate_module(rng, operations, exact="float32", dtype="float32", generator=ModuleGenerator):
    """A module of the element type `dtype` whose constants are numbers of the type `exact`: its text, the shapes of
    its inputs, [(shape, least value)] of its weights if they are arguments, the number of its outputs."""
    generator = generator(rng, exact, dtype)
    generator.weights = [] if rng.random() < 0.25 else None
    if operations is None:
        generator.generate_each()
    for _ in range(operations or 0):
        generator.generate()
    weights = generator.weights or []
    arguments = [f'%in{n}: {generator.tensor(shape)} {{{", ".join(input_attributes(n, shape))}}}'
                 for n, shape in enumerate(generator.inputs)]
    arguments += [f'%w{n}: {generator.tensor(shape)} {{sepconv.name = "w{n}", sepconv.weight}}'
                  for n, (shape, _) in enumerate(weights)]
    results = ", ".join(f'{generator.tensor(shape)} {{sepconv.name = "out{n}"}}'
                        for n, (_, shape) in enumerate(generator.outputs))
    values = ", ".join(value for value, _ in generator.outputs)
    types = ", ".join(generator.tensor(shape) for _, shape in generator.outputs)
    body = "\n    ".join(generator.lines)
    text = (f'module attributes {{sepconv.model = "random"}} {{\n'
            f"  func.func @main({', '.join(arguments)}) -> ({results}) {{\n    {body}\n"
            f"    return {values} : {types}\n  }}\n}}\n")
    return text, generator.inputs, weights, len(generator.outputs)
