"""Random windows and shapes, whose heights and widths may be dynamic."""


class DynamicSize(int):
    """A height or a width that a module leaves dynamic: what it is when the module runs, and what it can be."""

    def __new__(cls, value, least=None, greatest=None, factor=1):
        size = super().__new__(cls, value)
        size.least, size.greatest, size.factor = least, greatest, factor
        return size

    def __str__(self):
        return "?"

    def attribute(self, name):
        return (f'#sepconv.size<"{name}", least = {self.least}, greatest = {self.greatest}, '
                f"factor = {self.factor}>")


def least_of(extent):
    return extent.least if isinstance(extent, DynamicSize) else extent


class Window:
    """The sizes, strides, dilations and padding of a window, and what it makes of an image."""

    def __init__(self, rng, height, width, sizes=(1, 2, 3, 3, 3, 4, 5, 7, 15)):
        self.size = [rng.choice(sizes) for _ in "hw"]
        self.strides = [rng.choice([1, 1, 1, 2, 3]) for _ in "hw"]
        self.dilations = [rng.choice([1, 1, 1, 2, 3]) for _ in "hw"]
        self.padding = []
        for size, dilation, extent in zip(self.size, self.dilations, map(least_of, (height, width))):
            reach = (size - 1) * dilation
            before, after = (rng.choice([0, reach // 2, rng.randint(0, reach)]) for _ in "ba")
            self.padding += [before, after + max(0, reach + 1 - extent - before - after)]

    def output(self, height, width):
        extents = []
        for i, extent in enumerate((height, width)):
            padded = extent + self.padding[2 * i] + self.padding[2 * i + 1]
            size = (padded - (self.size[i] - 1) * self.dilations[i] - 1) // self.strides[i] + 1
            extents.append(DynamicSize(size) if isinstance(extent, DynamicSize) else size)
        return extents

    def attributes(self):
        lists = {"strides": self.strides, "dilations": self.dilations, "padding": self.padding}
        return [f"{name} = array<i64: {', '.join(map(str, values))}>" for name, values in lists.items()]
