"""Activations by name, as layers and within layers."""

from keras import layers

from . import branches, case


@case
def activation_names():
    names = (
        "linear relu relu6 leaky_relu elu selu sigmoid tanh softmax silu swish hard_sigmoid "
        "hard_silu hard_swish gelu"
    )
    return branches((3, 5, 4), *[layers.Activation(n, name="by_name_" + n) for n in names.split()])


@case
def activation_layers():
    return branches(
        (3, 5, 4),
        layers.ReLU(name="relu"),
        layers.ReLU(max_value=0.8, negative_slope=0.2, threshold=0.1, name="relu_all"),
        layers.ReLU(6, name="relu_six"),
        layers.ReLU(negative_slope=0.3, name="relu_slope"),
        layers.ReLU(threshold=0.4, name="relu_threshold"),
        layers.LeakyReLU(name="leaky"),
        layers.LeakyReLU(negative_slope=0.05, name="leaky_slope"),
        layers.ELU(alpha=0.7, name="elu"),
        layers.Softmax(name="softmax"),
        layers.Softmax(axis=1, name="softmax_rows"),
    )


@case
def activation_in_layers():
    names = (
        "relu relu6 leaky_relu elu selu sigmoid tanh softmax silu hard_sigmoid hard_silu gelu "
        "softplus mish"
    )
    conv, dense = layers.SeparableConv2D, layers.Dense
    return branches(
        (4, 5, 3),
        *[conv(3, 3, activation=n, name="separable_" + n) for n in names.split()],
        *[
            [layers.Flatten(), dense(3, activation=n, name="dense_" + n)]
            for n in names.split()[7:9]
        ],
    )


@case
def activation_large_values():
    # Where a careless formula overflows: exp of large numbers, softmax of large numbers.
    names = "softmax sigmoid tanh silu softplus elu gelu mish log_sigmoid"
    return branches(
        (2, 3, 4), *[[layers.Rescaling(60.0), layers.Activation(n, name=n)] for n in names.split()]
    )
