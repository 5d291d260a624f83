"""Models of any size, of kinds whose compile time must grow as their size does: the text of a .mlir file each."""

SHAPE = (1, 8, 8, 16)


def tensor(shape=SHAPE):
    return f"tensor<{'x'.join(map(str, shape))}xf32>"


def module(arguments, lines, results):
    """A function of the arguments [(name, type)] that returns the values [(name, type)]."""
    declared = ", ".join(f"%{name}: {kind}" for name, kind in arguments)
    types = ", ".join(kind for _, kind in results)
    body = "\n    ".join([*lines, f"return {', '.join(name for name, _ in results)} : {types}"])
    return f"module {{\n  func.func @main({declared}) -> ({types}) {{\n    {body}\n  }}\n}}\n"


def activation(result, operand, kind="relu"):
    return f"%{result} = sepconv.activation(%{operand}) {{function = #sepconv.activation<{kind}>}} : {tensor()}"


def binary(result, name, left, right):
    return (f"%{result} = linalg.{name} ins({left}, {right} : {tensor()}, {tensor()}) "
            f"outs(%empty : {tensor()}) -> {tensor()}")


EMPTY = f"%empty = tensor.empty() : {tensor()}"


def concatenation(operands):
    total = (*SHAPE[:-1], SHAPE[-1] * len(operands))
    types = ", ".join([tensor()] * len(operands))
    line = f"%all = tensor.concat dim(3) {', '.join(operands)} : ({types}) -> {tensor(total)}"
    return line, [("%all", tensor(total))]


def relus(count):
    """A chain of activations."""
    lines = [activation(f"v{i + 1}", f"v{i}") for i in range(count)]
    return module([("v0", tensor())], lines, [(f"%v{count}", tensor())])


def elementwise(count):
    """A chain of arithmetic in which one input is read again and again."""
    names = ["add", "mul", "max", "sub"]
    lines = [binary(f"v{i + 1}", names[i % 4], f"%v{i}", "%x") for i in range(count)]
    return module([("v0", tensor()), ("x", tensor())], [EMPTY, *lines], [(f"%v{count}", tensor())])


def sums(count):
    """The sum of so many arguments."""
    lines = [binary(f"v{i + 1}", "add", f"%v{i}", f"%x{i}") for i in range(count)]
    arguments = [("v0", tensor()), *((f"x{i}", tensor()) for i in range(count))]
    return module(arguments, [EMPTY, *lines], [(f"%v{count}", tensor())])


def concat(count):
    """A concatenation of arguments."""
    line, results = concatenation([f"%x{i}" for i in range(count)])
    return module([(f"x{i}", tensor()) for i in range(count)], [line], results)


def branches(count):
    """A concatenation of branches, of four kinds."""
    kinds = ["relu", "tanh", "sigmoid", "elu"]
    lines = [activation(f"v{i}", "x", kinds[i % 4]) for i in range(count)]
    line, results = concatenation([f"%v{i}" for i in range(count)])
    return module([("x", tensor())], [*lines, line], results)


def dense_block(count):
    """A chain of concatenations: each layer reads all before it, as in DenseNet."""
    lines, width = [], SHAPE[-1]
    for i in range(count):
        before, after = tensor((*SHAPE[:-1], width)), tensor((*SHAPE[:-1], width + SHAPE[-1]))
        lines.append(f"%c{i + 1} = tensor.concat dim(3) %c{i}, %x : ({before}, {tensor()}) -> {after}")
        width += SHAPE[-1]
    return module([("c0", tensor()), ("x", tensor())], lines, [(f"%c{count}", tensor((*SHAPE[:-1], width)))])


def arguments(count):
    """So many arguments and as many outputs."""
    lines = [activation(f"v{i}", f"x{i}") for i in range(count)]
    return module([(f"x{i}", tensor()) for i in range(count)], lines, [(f"%v{i}", tensor()) for i in range(count)])


def outputs(count):
    """So many outputs of one argument."""
    lines = [activation(f"v{i}", "x" if i == 0 else f"v{i - 1}", ["relu", "tanh"][i % 2]) for i in range(count)]
    return module([("x", tensor())], lines, [(f"%v{i}", tensor()) for i in range(count)])


def convolutions(count):
    """A chain of equal depthwise convolutions, whose weights are arguments."""
    weights = [(f"w{i}", "tensor<3x3x16x1xf32> {sepconv.weight}") for i in range(count)]
    lines = [f"%v{i + 1} = sepconv.depthwise_conv2d(%v{i}, %w{i}) {{padding = array<i64: 1, 1, 1, 1>}} : "
             f"({tensor()}, tensor<3x3x16x1xf32>) -> {tensor()}" for i in range(count)]
    return module([("v0", tensor()), *weights], lines, [(f"%v{count}", tensor())])


def kernels(count):
    """So many convolutions that all differ, each of an argument, to an output."""
    lines, arguments, results = [], [], []
    for i in range(count):
        channels, filters = 4 + i % 64, 4 + i // 64
        x, w, y = (tensor(s) for s in ((1, 4, 4, channels), (1, 1, channels, filters), (1, 4, 4, filters)))
        arguments += [(f"x{i}", x), (f"w{i}", w + " {sepconv.weight}")]
        lines.append(f"%v{i} = sepconv.conv2d(%x{i}, %w{i}) : ({x}, {w}) -> {y}")
        results.append((f"%v{i}", y))
    return module(arguments, lines, results)


KINDS = {kind.__name__: kind for kind in (relus, elementwise, sums, concat, branches, dense_block, arguments, outputs,
                                          convolutions, kernels)}

if __name__ == "__main__":
    import sys
    sys.stdout.write(KINDS[sys.argv[1]](int(sys.argv[2])))
