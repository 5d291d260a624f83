"""Generate explicit kernels of several layers with random shapes and attributes."""

import math


class RandomKernels:
    """What a generator of modules has of kernels that are formed only where tensors are large."""

    def expansion(self, projected):
        """A kernel of a pointwise convolution and a depthwise one of its result, which may be projected, as they are
        formed where the expanded image is larger than the cache."""
        rng = self.rng
        batch, height, width, channels = self.image()
        expanded, filters, multiplier = rng.randint(1, 70), rng.randint(1, 40), rng.choice([1, 1, 1, 2])
        window = self.window(rng, height, width)
        depthwise = [batch * self.more(batch * filters), *window.output(height, width), expanded * multiplier]
        image, result = [depthwise[0], height, width, channels], [*depthwise[:3], filters]
        # One that saturates would leave the rounding of what is between, but not its magnitude.
        activations = [[] if self.exact in ("float16", "bfloat16") else self.activation() for _ in range(3)]
        layers = [("conv2d", [1, 1, channels, expanded], [*image[:3], expanded], activations[0]),
                  ("depthwise_conv2d", [*window.size, expanded, multiplier], depthwise,
                   [*window.attributes(), *activations[1]])]
        if projected:
            layers.append(("conv2d", [1, 1, depthwise[3], filters], result, activations[2]))
        if max(math.prod(shape) for _, *shapes, _ in layers for shape in shapes) > self.max_elements:
            return self.expansion(projected)
        operands, types = [self.input(image)], [image]
        for _, weights, output, _ in layers:
            biases = self.bias(output[3])
            operands += [self.constant(weights), *biases]
            types += [weights] + [[output[3]]] * len(biases)
        return self.kernel(operands, types, layers)

    def kernel(self, operands, types, layers):
        """An explicit kernel: each layer reads the one before it, its weights, and the bias if there is one."""
        value, result = self.name(), layers[-1][2]
        arguments = [(self.name(), shape) for shape in types]
        typed = ", ".join(f"{name}: {self.tensor(shape)}" for name, shape in arguments)
        self.lines += [f"{value} = sepconv.kernel({', '.join(operands)}) : ({', '.join(map(self.tensor, types))})"
                       f" -> {self.tensor(result)} {{", f"^bb0({typed}):"]
        (last, shape), *rest = arguments
        for name, _, output, attributes in layers:
            count = 2 if len(rest) > 1 and len(rest[1][1]) == 1 else 1
            names, shapes = zip((last, shape), *rest[:count])
            last, shape, rest = self.op(f"sepconv.{name}", names, shapes, attributes, output), output, rest[count:]
        self.lines += [f"sepconv.yield {last} : {self.tensor(shape)}", "}"]
        return value, result
