"""Equations of matrices, and the perspective of an image that they find."""

import numpy as np
from keras import Input, Model, ops

from . import case


@case
def operations_equations():
    x, right = Input((5, 5), name="x"), Input((5, 2), name="right")
    square = ops.matmul(x, ops.transpose(x, (0, 2, 1))) + 0.5 * np.eye(5, dtype="float32")
    factor = ops.linalg.cholesky(square)
    outputs = [factor, ops.linalg.cholesky(square, upper=True), ops.linalg.cholesky_inverse(factor)]
    outputs += [ops.linalg.det(x), ops.logdet(square), ops.linalg.inv(square), ops.linalg.solve(x, right)]
    outputs += [ops.linalg.solve_triangular(factor, right, lower=True), ops.linalg.solve_triangular(factor, right)]
    return Model([x, right], outputs)


@case
def operations_perspective():
    x, moved = Input((6, 7, 3), name="x"), Input((4, 2), name="moved")
    corners = np.array([[0, 0], [0.5, 6], [5, 0.3], [5, 6]], "float32")
    ends = 0.3 * ops.tanh(moved) + corners
    starts = 0.1 * ops.tanh(moved) + corners
    outputs = [ops.image.perspective_transform(x, starts, ends, fill_value=0.5)]
    outputs += [ops.image.perspective_transform(x, ends, starts, interpolation="nearest")]
    return Model([x, moved], outputs)
