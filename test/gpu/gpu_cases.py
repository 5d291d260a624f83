"""The cases for a GPU: pairs of a depthwise and a pointwise convolution, and networks, in several batch sizes."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from networks import LAYERS, NETWORKS, RELU6, SIZE, Network  # noqa: E402

BATCHES = [1, 8, 32, 128]
DTYPES = ["float32", "float16"]


def layer(row, batch=1, builder=Network):
    size, channels, stride, filters, activation = row
    net = builder(size, channels, batch)
    net.depthwise(3, stride, RELU6)
    net.conv(filters, activation=activation)
    return net


def layer_name(row):
    size, channels, stride, filters, _ = row
    return f"{size}x{size}x{channels} / {stride} -> {filters}"


def cases(builder=Network):
    """(name, a function that makes the network, type of the elements)."""
    nets = [(f"{batch}x{layer_name(row)}", lambda row=row, batch=batch: layer(row, batch, builder))
            for row in LAYERS for batch in BATCHES]
    nets += [(f"{name} batch {batch}", lambda make=make, batch=batch: make(SIZE, batch, builder))
             for name, make in NETWORKS.items() for batch in BATCHES]
    return [(f"{name} {dtype}", make, dtype) for name, make in nets for dtype in DTYPES]
