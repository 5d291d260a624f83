"""The cases: reads shapes/*.json into Layer, Block and Network records, and makes the layers' weights from seeds."""

import json
import re
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

SHAPES = Path(__file__).parent / "shapes"

# To be raised when models.py makes other files for the same case: they are then made anew.
FILES_VERSION = 2


class CaseError(Exception):
    """A shape file or a selection that makes no sense; the message is for the user."""


@dataclass(frozen=True)
class Layer:
    """A separable layer, or a depthwise one alone (channels_out 0).  Padding is 'same', the batch is 1."""

    name: str
    variant: str
    height: int
    width: int
    channels_in: int
    kernel: int
    channels_out: int = 0
    stride: int | list = 1  # [vertical, horizontal] where they differ
    dilation: int = 1
    multiplier: int = 1

    kind = "layer"

    @property
    def case(self):
        return f"{self.name}/{self.variant}" if self.channels_out else self.name

    @property
    def input_shape(self):
        return (1, self.height, self.width, self.channels_in)

    @property
    def strides(self):
        return tuple(self.stride) if isinstance(self.stride, list) else (self.stride, self.stride)

    @property
    def output_height(self):
        return -(-self.height // self.strides[0])

    @property
    def output_width(self):
        return -(-self.width // self.strides[1])

    @property
    def channels_between(self):
        return self.channels_in * self.multiplier

    @property
    def relu6(self):
        return self.variant == "mobilenet"

    @property
    def depthwise_bias(self):
        """A plain separable layer has one bias only, after the pointwise convolution."""
        return self.relu6 or not self.channels_out

    @property
    def flops(self):
        """Multiplications and additions of the convolutions; what padding would add is counted, as everyone does."""
        pixels = self.output_height * self.output_width
        return 2 * pixels * self.channels_between * (self.kernel**2 + self.channels_out)

    @property
    def padding(self):
        """((top, bottom), (left, right)) of padding 'same'; the odd one is at the end."""
        reach = (self.kernel - 1) * self.dilation + 1
        sizes = ((self.output_height, self.height), (self.output_width, self.width))
        totals = [max((out - 1) * s + reach - size, 0) for s, (out, size) in zip(self.strides, sizes)]
        return tuple((total // 2, total - total // 2) for total in totals)

    def weights(self):
        """Input and weights, equal everywhere: depthwise HWCM, pointwise [in, out], scaled to keep the variance."""
        import numpy as np

        random = np.random.default_rng(zlib.crc32(self.case.encode()))

        def normal(*shape):
            return random.standard_normal(shape, dtype=np.float32)

        values = {"input": normal(*self.input_shape)}
        values["depthwise"] = normal(self.kernel, self.kernel, self.channels_in, self.multiplier)
        values["depthwise"] /= np.float32(self.kernel)
        values["depthwise_bias"] = normal(self.channels_between)
        if self.channels_out:
            values["pointwise"] = normal(self.channels_between, self.channels_out)
            values["pointwise"] /= np.float32(np.sqrt(self.channels_between))
            values["pointwise_bias"] = normal(self.channels_out)
        return values


@dataclass(frozen=True)
class Network:
    """A network of keras.applications at one batch size."""

    name: str
    size: int
    batch: int = 1

    kind = "network"

    @property
    def case(self):
        return self.name if self.batch == 1 else f"{self.name}.b{self.batch}"

    @property
    def input_shape(self):
        return (self.batch, self.size, self.size, 3)


@dataclass(frozen=True)
class Block:
    """Several layers, which blocks.py makes of their descriptions.  The batch is 1."""

    name: str
    input: list  # height, width, channels
    layers: list

    kind = "block"
    batch = 1

    @property
    def case(self):
        return self.name

    @property
    def input_shape(self):
        return (1, *self.input)


KINDS = {cls.kind: cls for cls in (Layer, Block, Network)}
FILES = {"layers": ["separable.json", "depthwise.json"], "blocks": ["compound.json"], "networks": ["networks.json"]}


def record(entry, cls, file, **more):
    """One entry of a shape file as a Layer, Block or Network; a mistake in it is an error that names file and entry."""
    entry = {key: value for key, value in entry.items() if key != "from"} | more
    where = f"{file}: '{entry.get('name', '?')}'"
    known = cls.__dataclass_fields__
    for key, value in entry.items():
        if key not in known:
            raise CaseError(f"{where}: unknown key '{key}', expected one of {', '.join(known)}")
        if known[key].type is int and (not isinstance(value, int) or value < 1):
            raise CaseError(f"{where}: '{key}' is {value!r}, expected a positive integer")
    try:
        return cls(**entry)
    except TypeError:
        required = [f.name for f in known.values() if f.name not in entry and f.name not in vars(cls)]
        raise CaseError(f"{where}: missing {', '.join(required)}") from None


def read(path):
    """The cases of one shape file."""
    try:
        data = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise CaseError(f"{path}: {error}") from None
    for key, cls in (("networks", Network), ("blocks", Block)):
        if key in data:
            return [record(entry, cls, path.name) for entry in data[key]]
    return [
        record(entry, Layer, path.name, variant=variant) for entry in data["layers"] for variant in data["variants"]
    ]


def load(what, pattern=""):
    """All 'layers', 'blocks' or 'networks' whose case name matches the regular expression."""
    found = [case for file in FILES[what] for case in read(SHAPES / file)]
    try:
        chosen = [case for case in found if re.search(pattern, case.case)]
    except re.error as error:
        raise CaseError(f"--cases: '{pattern}' is no regular expression: {error}") from None
    if not chosen:
        names = "\n  ".join(case.case for case in found)
        raise CaseError(f"--cases: no case of '{what}' matches '{pattern}'; there are\n  {names}")
    return chosen


def to_json(case):
    return {"kind": case.kind} | asdict(case)


def from_json(data):
    data = dict(data)
    return KINDS[data.pop("kind")](**data)


def file_name(case_name):
    """A case's folder below build/bench/models."""
    return case_name.replace("/", ".")


def identifier(case_name):
    """A case's name as a C identifier."""
    return re.sub(r"\W", "_", case_name)
