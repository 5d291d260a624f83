"""A layer in PyTorch, imported by loaders.py in PyTorch's environment."""

import shutil

import cases
import numpy as np
import torch
from torch.nn import functional


class LayerModule(torch.nn.Module):
    def __init__(self, layer):
        super().__init__()
        weights, k, channels = layer.weights(), layer.kernel, layer.channels_between
        depthwise = weights["depthwise"].reshape(k, k, channels).transpose(2, 0, 1)[:, None]
        self.layer = layer
        self.depthwise = self.constant(depthwise)
        self.depthwise_bias = self.constant(weights["depthwise_bias"]) if layer.depthwise_bias else None
        if layer.channels_out:
            self.pointwise = self.constant(weights["pointwise"].T[:, :, None, None])
            self.pointwise_bias = self.constant(weights["pointwise_bias"])

    @staticmethod
    def constant(value):
        tensor = torch.from_numpy(np.ascontiguousarray(value))
        if value.ndim == 4:
            tensor = tensor.contiguous(memory_format=torch.channels_last)
        return torch.nn.Parameter(tensor, requires_grad=False)

    def forward(self, x):
        layer = self.layer
        (top, bottom), (left, right) = layer.padding
        padding = (top, left)
        if padding != (bottom, right):
            x, padding = functional.pad(x, (left, right, top, bottom)), 0
        x = functional.conv2d(
            x, self.depthwise, self.depthwise_bias, layer.strides, padding, layer.dilation, layer.channels_in
        )
        if layer.relu6:
            x = functional.relu6(x)
        if layer.channels_out:
            x = functional.conv2d(x, self.pointwise, self.pointwise_bias)
            if layer.relu6:
                x = functional.relu6(x)
        return x


def load(case, x, threads, compiled):
    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    x = torch.from_numpy(np.ascontiguousarray(x.transpose(0, 3, 1, 2))).to(memory_format=torch.channels_last)
    run = LayerModule(cases.from_json(case)).eval()
    if compiled:
        from torch import _dynamo
        from torch._inductor import config

        config.freezing = True  # weights are constants
        # Not $CXX: the generated code needs OpenMP's header, which Debian's Clang has not, but GCC has.
        config.cpp.cxx = (shutil.which("g++") or "g++",)
        _dynamo.reset()  # forgets the last case
        run = torch.compile(run)
    last = [run(x)]

    def call():
        last[0] = run(x)

    return call, lambda: last[0].permute(0, 2, 3, 1).numpy(), {}
