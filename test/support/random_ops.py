"""Generate modules of sepconv and linalg operations with random shapes, attributes and element types."""

import math

import npy
from random_kernels import RandomKernels
from random_shapes import DynamicSize, Window, least_of

ELEMENTS = {"float32": "f32", "float64": "f64", "float16": "f16", "bfloat16": "bf16"}
ACTIVATIONS = ["linear", "relu", "elu", "selu", "sigmoid", "tanh", "silu", "hard_sigmoid", "hard_silu",
               "gelu", "gelu_tanh", "softplus", "softsign", "exponential", "mish", "log_sigmoid",
               "relu, max_value = 6.0"]


class ModuleGenerator(RandomKernels):
    """One module: operations, each with inputs and an output of its own. Its constants are numbers of
    the type `exact`; the module is of `dtype`, which may be a more precise one."""

    max_elements = 60000
    # Fewer results of a sum may all be near zero, so that what rounding takes is much of the largest.
    min_results = 16
    dynamic_images = 0.2
    window = Window

    def __init__(self, rng, exact, dtype):
        self.rng, self.exact, self.dtype = rng, exact, dtype
        self.lines, self.inputs, self.outputs = [], [], []
        self.weights = None  # (shape, least value) of each, if they are arguments
        self.count = 0

    def tensor(self, shape):
        return f"tensor<{'x'.join(map(str, shape))}x{ELEMENTS[self.dtype]}>"

    def name(self):
        self.count += 1
        return f"%v{self.count}"

    def input(self, shape):
        self.inputs.append(shape)
        return f"%in{len(self.inputs) - 1}"

    def constant(self, shape, least=-1.0):
        """Weights: constants as a model has them, or arguments."""
        if self.weights is not None:
            self.weights.append((shape, least))
            return f"%w{len(self.weights) - 1}"
        numbers = generate_numbers(self.rng, self.exact, shape, least)
        # A splat has another form, and this one needs at least two different elements.
        data = "0x" + npy.convert(numbers, self.dtype).data.tobytes().hex().upper()
        name = self.name()
        self.lines.append(f'{name} = arith.constant dense<"{data}"> : {self.tensor(shape)}')
        return name

    def op(self, name, operands, types, attributes, result):
        value = self.name()
        text = f"{value} = {name}({', '.join(operands)})"
        if attributes:
            text += f" {{{', '.join(attributes)}}}"
        types = ", ".join(map(self.tensor, types))
        self.lines.append(f"{text} : ({types}) -> {self.tensor(result)}")
        return value

    def activation(self):
        # Of a sum of 25 the exponential is 25 times as far off as the sum.
        known = [name for name in ACTIVATIONS if name != "exponential"]
        function = self.rng.choice(["linear", "linear", *known])
        return [] if function == "linear" else [f"activation = #sepconv.activation<{function}>"]

    def image(self):
        return [self.rng.choice([1, 1, 2]), self.rng.randint(1, 20), self.rng.randint(1, 20),
                self.rng.choice([1, 3, 8, 16, 17, 32, self.rng.randint(1, 70)])]

    def dynamic_image(self, is_dynamic=None):
        """An image whose height or width may be dynamic; both of them are if it must be."""
        batch, *extents, channels = self.image()
        if is_dynamic or (is_dynamic is None and self.rng.random() < self.dynamic_images):
            which = (0, 1) if is_dynamic else self.rng.choice([(0,), (1,), (0, 1), (0, 1)])
            for i in which:
                factor = self.rng.choice([1, 1, 2, 3, 8])
                least = -(-extents[i] // factor) * factor
                size = least + factor * self.rng.randint(0, 2)
                extents[i] = DynamicSize(size, least, size + factor * self.rng.randint(0, 2), factor)
        return [batch, *extents, channels]

    def more(self, count):
        """By how much a batch must be larger for a sum to have enough results."""
        return -(-self.min_results // count)

    def bias(self, channels):
        return [self.constant([channels])] if self.rng.random() < 0.7 else []

    # The operations: each returns a value and its shape.

    def convolution(self, kind, pointwise=None, few=None, planes=None, scaled=False):
        """Random where an argument is None: whether a window is 1x1, on images of a single position, and whether images
        are planes; where they must be, they are of dynamic sizes too. The channels of an image may be scaled before.
        One that must be 1x1 is a product at every position, in one group: what @pointwise schedules match."""
        rng, every_position = self.rng, pointwise
        batch, height, width, channels = self.image() if scaled else self.dynamic_image(planes)
        pointwise = kind == "conv2d" and (rng.random() < 0.4 if pointwise is None else pointwise)
        if pointwise and (rng.random() < 0.4 if few is None else few):
            batch, height, width = rng.randint(1, 20), 1, 1
        window = self.window(rng, height, width, *([(1,)] if pointwise else []))
        if every_position:
            window.strides = [1, 1]
        out = window.output(height, width)
        filters = rng.choice([1, 8, 16, 32, 33, rng.randint(1, 70)])
        multiplier = rng.choice([1, 1, 1, 2, 3, 8])
        # An activation that saturates would leave the rounding of scaled numbers, but not their magnitude.
        rounded = scaled and self.exact in ("float16", "bfloat16")
        attributes = window.attributes() + ([] if rounded else self.activation())
        if kind == "conv2d":
            groups = 1 if every_position else rng.choice([1, 1, 1, 2, 3])
            channels, filters = channels * groups, filters * groups
            weights = [[*window.size, channels // groups, filters]]
            attributes.append(f"groups = {groups}")
        else:
            weights = [[*window.size, channels, multiplier]]
            if kind == "separable_conv2d":
                weights.append([1, 1, channels * multiplier, filters])
            else:
                filters = channels * multiplier
        batch *= self.more(math.prod([batch, *out, filters]))
        shape, result = [batch, height, width, channels], [batch, *out, filters]
        if planes or (rng.random() < 0.2 and not scaled):
            attributes.append("data_format = #sepconv.data_format<NCHW>")
            shape, result = [batch, channels, height, width], [batch, filters, *out]
        if max(map(math.prod, [shape, result, *weights])) > self.max_elements:
            return self.convolution(kind, every_position, few, planes, scaled)
        operands = [self.scaled(shape) if scaled else self.input(shape), *map(self.constant, weights)]
        bias = self.bias(filters)
        types = [shape, *weights] + [[filters]] * len(bias)
        return self.op(f"sepconv.{kind}", operands + bias, types, attributes, result), result

    def pool2d(self, sizes=None):
        batch, height, width, channels = self.dynamic_image()
        window = self.window(self.rng, height, width, *([sizes] if sizes else []))
        window.dilations = [1, 1]
        for i, (size, extent) in enumerate(zip(window.size, map(least_of, (height, width)))):
            # No window lies in the padding alone.
            window.size[i] = min(size, extent)
            window.padding[2 * i : 2 * i + 2] = [self.rng.randint(0, window.size[i] - 1) for _ in "ba"]
        attributes = [text for text in window.attributes() if not text.startswith("dilations")]
        attributes.append(f"window = array<i64: {window.size[0]}, {window.size[1]}>")
        attributes.append(f"kind = #sepconv.pool_kind<{self.rng.choice(['max', 'average'])}>")
        shape = [batch, height, width, channels]
        result = [batch, *window.output(height, width), channels]
        return self.op("sepconv.pool2d", [self.input(shape)], [shape], attributes, result), result

    def dense(self, rank=None, channels=None):
        rows, random_channels, units = (self.rng.randint(1, 90) for _ in "rcu")
        channels = channels or self.rng.choice([random_channels] * 3 + [self.rng.randint(257, 600)])
        rows *= self.more(rows * units)
        shape = self.rng.choice([[rows, channels], [2, rows % 7 + 1, channels]][: 1 if rank == 2 else 2])
        result = [*shape[:-1], units]
        operands = [self.input(shape), self.constant([channels, units])]
        bias = self.bias(units)
        types = [shape, [channels, units]] + [[units]] * len(bias)
        return self.op("sepconv.dense", operands + bias, types, self.activation(), result), result

    def reduction(self):
        """A linalg.generic of any rank: a sum of elements, or of products, over dimensions anywhere in the first
        operand, some of them windows."""
        rng = self.rng
        kept = [rng.choice([1, 2, 3, 5]) for _ in range(rng.randint(0, 4))] + [rng.choice([1, 7, 16, 33])]
        summed = [rng.choice([1, 2, 3, 7, 300 if i == 0 else 4]) for i in range(rng.randint(1, 4))]
        extents = {f"d{i}": extent for i, extent in enumerate(kept + summed)}
        outputs, sums = list(extents)[: len(kept)], list(extents)[len(kept):]
        is_product = rng.random() < 0.6
        windows = {dim: sums.pop() for dim in outputs[1:-1] if is_product and sums and rng.random() < 0.3}
        first = [dim for dim in outputs if dim in windows or rng.random() < 0.8] + sums
        rng.shuffle(first)
        second = [dim for dim in outputs if dim not in first or rng.random() < 0.5] + list(windows.values())
        is_product = is_product or any(dim not in first for dim in outputs)
        index = {dim: f"{dim} + {windows[dim]}" if dim in windows else dim for dim in first}
        operands = [([extents[dim] + (extents[windows[dim]] - 1 if dim in windows else 0) for dim in first],
                     [index[dim] for dim in first])]
        if is_product:
            operands.append(([extents[dim] for dim in second], second))
        if (math.prod(extents.values()) > 4 * self.max_elements or math.prod(kept) < self.min_results
                or not first or (is_product and not second)):
            return self.reduction()
        return self.linalg_sum(operands, outputs, extents), kept

    def linalg_sum(self, operands, outputs, extents):
        """The sum of the operands' products, in float32 at least; each operand is a shape and its indices. Sometimes a
        weighted mean: divided by the sum of the same products with a splat instead of the first operand."""
        element, shape = ELEMENTS[self.dtype], [extents[dim] for dim in outputs]
        wide = "f64" if element == "f64" else "f32"
        is_mean = self.rng.random() < 0.3
        least = 0.1 if is_mean else -1.0  # no sum of weights is near zero
        values = [self.input(operands[0][0]), *(self.constant(shape, least) for shape, _ in operands[1:])]
        kept = f"tensor<{'x'.join(map(str, shape))}x{wide}>"
        total = self.sum_of_products(operands, values, outputs, extents, kept)
        if is_mean:
            ones = self.name()
            self.lines.append(f"{ones} = arith.constant dense<1.0> : {self.tensor(operands[0][0])}")
            weight = self.sum_of_products(operands, [ones, *values[1:]], outputs, extents, kept)
            total = self.elementwise("arith.divf %a, %b", [total, weight], kept, shape, wide)
        return total if wide == element else self.elementwise(f"arith.truncf %a : {wide} to {element}", [total], kept,
                                                              shape, element)

    def sum_of_products(self, operands, values, outputs, extents, kept):
        element, wide = ELEMENTS[self.dtype], kept.rsplit("x", 1)[1][:-1]
        maps = ", ".join(f"affine_map<({', '.join(extents)}) -> ({', '.join(indices)})>"
                         for indices in [*(indices for _, indices in operands), outputs])
        loops = ", ".join('"parallel"' if dim in outputs else '"reduction"' for dim in extents)
        types = ", ".join(self.tensor(shape) for shape, _ in operands)
        zero, empty, filled, total = (self.name() for _ in range(4))
        names = "ab"[: len(operands)]
        arguments = ", ".join([*(f"%{name}: {element}" for name in names), f"%sum: {wide}"])
        body = [f"%w{name} = arith.extf %{name} : {element} to {wide}" for name in names if wide != element]
        terms = [f"%{'w' * (wide != element)}{name}" for name in names]
        if len(terms) == 2:
            body.append(f"%p = arith.mulf {', '.join(terms)} : {wide}")
        body += [f"%t = arith.addf %sum, {'%p' if len(terms) == 2 else terms[0]} : {wide}", f"linalg.yield %t : {wide}"]
        self.lines += [
            f"{zero} = arith.constant 0.0 : {wide}",
            f"{empty} = tensor.empty() : {kept}",
            f"{filled} = linalg.fill ins({zero} : {wide}) outs({empty} : {kept}) -> {kept}",
            f"{total} = linalg.generic {{indexing_maps = [{maps}], iterator_types = [{loops}]}} "
            f"ins({', '.join(values)} : {types}) outs({filled} : {kept}) {{",
            f"^bb0({arguments}):", *body, f"}} -> {kept}"]
        return total

    def elementwise(self, operation, values, operand, shape, element):
        """`operation` of the elements %a and %b of one or two tensors of the type `operand`."""
        result, empty, count = self.name(), self.name(), len(values)
        wide, identity = operand.rsplit("x", 1)[1][:-1], ", ".join(f"i{dim}" for dim in range(len(shape)))
        to = f"tensor<{'x'.join(map(str, shape))}x{element}>"
        maps, loops = [f"affine_map<({identity}) -> ({identity})>"] * (count + 1), ['"parallel"'] * len(shape)
        arguments = [f"%{name}: {wide}" for name in "ab"[:count]] + [f"%out: {element}"]
        self.lines += [
            f"{empty} = tensor.empty() : {to}",
            f"{result} = linalg.generic {{indexing_maps = [{', '.join(maps)}], iterator_types = [{', '.join(loops)}]}} "
            f"ins({', '.join(values)} : {', '.join([operand] * count)}) outs({empty} : {to}) {{",
            f"^bb0({', '.join(arguments)}):", f"%r = {operation}{'' if ' to ' in operation else f' : {wide}'}",
            f"linalg.yield %r : {element}", f"}} -> {to}"]
        return result

    def scaled(self, shape):
        """An image times a number for each channel of each image, as squeeze-and-excite computes it."""
        factors, empty, value = self.input([shape[0], 1, 1, shape[3]]), self.name(), self.name()
        image, element = self.tensor(shape), ELEMENTS[self.dtype]
        loops = ", ".join(['"parallel"'] * 4)
        maps = ", ".join(f"affine_map<(b, y, x, c) -> ({at})>" for at in ("b, y, x, c", "b, 0, 0, c", "b, y, x, c"))
        self.lines += [
            f"{empty} = tensor.empty() : {image}",
            f"{value} = linalg.generic {{indexing_maps = [{maps}], iterator_types = "
            f"[{loops}]}} ins({self.input(shape)}, {factors} : {image}, "
            f"{self.tensor([shape[0], 1, 1, shape[3]])}) outs({empty} : {image}) {{",
            f"^bb0(%a: {element}, %b: {element}, %out: {element}):", f"%r = arith.mulf %a, %b : {element}",
            f"linalg.yield %r : {element}", f"}} -> {image}"]
        return value

    def batch_norm(self):
        shape = self.dynamic_image()
        axis = self.rng.choice([i for i in (1, 2, 3) if not isinstance(shape[i], DynamicSize)])
        vectors = [self.constant([shape[axis]], 0.1) for _ in range(4)]
        value = self.name()
        self.lines.append(
            f"{value} = sepconv.batch_norm({', '.join([self.input(shape), *vectors])}) "
            f"{{axis = {axis}, epsilon = 1.0e-3}} : {self.tensor(shape)}, {self.tensor([shape[axis]])}")
        return value, shape

    def activate(self, rank=None):
        shape = [self.rng.randint(1, 3), *self.image()][-(rank or self.rng.randint(1, 5)):]
        value = self.name()
        self.lines.append(
            f"{value} = sepconv.activation({self.input(shape)}) "
            f"{{function = #sepconv.activation<{self.rng.choice(ACTIVATIONS)}>}} : {self.tensor(shape)}")
        return value, shape

    def softmax(self, rank=None):
        shape = self.image()[: rank or self.rng.randint(1, 4)]
        source, empty, value = self.input(shape), self.name(), self.name()
        self.lines.append(f"{empty} = tensor.empty() : {self.tensor(shape)}")
        self.lines.append(
            f"{value} = linalg.softmax dimension({rank - 1 if rank else self.rng.randrange(len(shape))}) "
            f"ins({source} : {self.tensor(shape)}) outs({empty} : {self.tensor(shape)}) -> {self.tensor(shape)}")
        return value, shape

    def concat(self):
        shape, axis = self.image(), self.rng.randint(1, 3)
        other = list(shape)
        other[axis] = self.rng.randint(1, 20)
        result = list(shape)
        result[axis] += other[axis]
        value = self.name()
        self.lines.append(
            f"{value} = tensor.concat dim({axis}) {self.input(shape)}, {self.input(other)} : "
            f"({self.tensor(shape)}, {self.tensor(other)}) -> {self.tensor(result)}")
        return value, result

    def pad(self):
        shape = self.image()
        low, high = ([0, self.rng.randint(0, 3), self.rng.randint(0, 3), 0] for _ in "lh")
        result = [extent + l + h for extent, l, h in zip(shape, low, high)]
        source, zero, value = self.input(shape), self.name(), self.name()
        self.lines.append(f"{zero} = arith.constant 0.5 : {ELEMENTS[self.dtype]}")
        self.lines.append(
            f"{value} = tensor.pad {source} low{low} high{high} {{\n"
            f"    ^bb0(%a: index, %b: index, %c: index, %d: index):\n"
            f"      tensor.yield {zero} : {ELEMENTS[self.dtype]}\n"
            f"    }} : {self.tensor(shape)} to {self.tensor(result)}")
        return value, result

    def residual(self, value, shape):
        """Adds another image, which may be fused."""
        empty, total = self.name(), self.name()
        self.lines.append(f"{empty} = tensor.empty() : {self.tensor(shape)}")
        self.lines.append(
            f"{total} = linalg.add ins({value}, {self.input(shape)} : {self.tensor(shape)}, {self.tensor(shape)}) "
            f"outs({empty} : {self.tensor(shape)}) -> {self.tensor(shape)}")
        return total

    def generate(self):
        kind = self.rng.choice(["separable_conv2d"] * 4 + ["depthwise_conv2d"] * 3 + ["conv2d"] * 3
                               + ["pool2d", "dense", "dense", "reduction", "batch_norm", "activate", "softmax",
                                  "concat", "pad", "expansion"])
        if kind == "expansion":
            return self.add(*self.expansion(self.rng.random() < 0.5))
        scaled = kind == "conv2d" and self.rng.random() < 0.2
        self.add(*(self.convolution(kind, scaled=scaled) if kind.endswith("conv2d") else getattr(self, kind)()))

    def generate_each(self):
        """An operation for each schedule."""
        for kind in ("separable_conv2d", "depthwise_conv2d"):
            self.add(*self.convolution(kind))
        for options in ({"pointwise": False}, {"pointwise": True, "few": False}, {"pointwise": True, "few": True},
                        {"planes": True}):
            self.add(*self.convolution("conv2d", **options))
        self.add(*self.pool2d())
        self.add(*self.pool2d((15, 17, 20)))
        self.add(*self.dense(2, 90))
        self.add(*self.dense(2, 521))
        self.add(*self.reduction())
        self.add(*self.batch_norm())
        self.add(*self.activate(2))
        self.add(*self.softmax(2))
        for pointwise in (False, True):
            self.add(*self.convolution("conv2d", pointwise, few=False, scaled=True))
        for projected in (False, True):
            self.add(*self.expansion(projected))

    def add(self, value, shape):
        is_static = not any(isinstance(extent, DynamicSize) for extent in shape)
        if self.rng.random() < 0.2 and is_static and math.prod(shape) >= self.min_results:
            value = self.residual(value, shape)
        self.outputs.append((value, shape))


def generate_numbers(rng, dtype, shape, least):
    """An array of random numbers of a type."""
    return npy.from_floats(dtype, shape, [rng.uniform(least, 1) for _ in range(math.prod(shape))])
