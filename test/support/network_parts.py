"""Parts of networks, a few layers each, that read what the network has there: what is compiled quickly at any size."""

from networks import RELU6, Network


def separable(net, channels, stride=1, activation=RELU6):
    net.depthwise(3, stride, activation)
    net.conv(channels, activation=activation)


def inverted_residual(net, channels, kernel=3, stride=1, activation=RELU6, squeeze=0):
    source, shape = net.value, net.shape
    net.conv(6 * shape[3], activation=activation)
    net.depthwise(kernel, stride, activation)
    if squeeze:
        net.squeeze_excite(squeeze)
    net.conv(channels)
    if net.shape == shape:
        net.combine("addf", source, shape)


def mobilenet_begin(net):
    net.conv(32, 3, 2, RELU6)
    separable(net, 64)
    separable(net, 128, 2)


def mobilenet_end(net):
    separable(net, 512)
    separable(net, 1024, 2)
    separable(net, 1024)
    net.pool()
    net.conv(100)


def mobilenet_v2(net):
    inverted_residual(net, 24, stride=2)
    inverted_residual(net, 24)


def mobilenet_v2_end(net):
    inverted_residual(net, 160)
    inverted_residual(net, 320)
    net.conv(1280, activation=RELU6)


def efficientnet(net):
    inverted_residual(net, 40, 5, 2, "silu", squeeze=6)


def xception_begin(net):
    net.conv(32, 3, 2, "relu")
    net.conv(64, 3, 1, "relu")
    separable(net, 128, activation="relu")


def xception_end(net):
    separable(net, 728, activation=None)
    separable(net, 1536, activation="relu")


def vgg(net):
    net.conv(64, 3, 1, "relu")
    net.conv(64, 3, 1, "relu")


# By the name: what the image is reduced by before it, the channels that it reads, and its layers.
PARTS = {
    "mobilenet_begin": (1, 3, mobilenet_begin),
    "mobilenet_end": (16, 512, mobilenet_end),
    "mobilenet_v2": (2, 16, mobilenet_v2),
    "mobilenet_v2_end": (32, 160, mobilenet_v2_end),
    "efficientnet": (4, 24, efficientnet),
    "xception_begin": (1, 3, xception_begin),
    "xception_end": (16, 728, xception_end),
    "vgg": (1, 3, vgg),
}


def make_part(name, size, batch):
    reduced, channels, layers = PARTS[name]
    net = Network(-(-size // reduced), channels, batch)
    layers(net)
    return net
