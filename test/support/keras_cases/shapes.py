"""Padding, pooling, resizing, reshaping, and layers that do nothing in inference."""

from keras import Input, Sequential, layers

from . import branches, case


@case
def padding_cropping():
    return branches(
        (5, 6, 3),
        layers.ZeroPadding2D(1, name="pad"),
        layers.ZeroPadding2D((2, 1), name="pad_two"),
        layers.ZeroPadding2D(((0, 1), (3, 2)), name="pad_four"),
        layers.Cropping2D(1, name="crop"),
        layers.Cropping2D(((0, 2), (1, 3)), name="crop_four"),
        [layers.ZeroPadding2D(((0, 1), (0, 1))), layers.Conv2D(4, 3, strides=2, name="conv")],
        [layers.ZeroPadding2D(2), layers.MaxPooling2D(3, name="pool")],
    )


@case
def pooling():
    return branches(
        (7, 8, 5),
        layers.MaxPooling2D(name="max"),
        layers.MaxPooling2D(3, strides=2, padding="same", name="max_same"),
        layers.MaxPooling2D((3, 2), strides=1, name="max_overlap"),
        layers.AveragePooling2D(2, name="average"),
        layers.AveragePooling2D(3, strides=2, padding="same", name="average_same"),
        layers.AveragePooling2D((7, 8), name="average_whole"),
        layers.GlobalAveragePooling2D(name="global_average"),
        layers.GlobalAveragePooling2D(keepdims=True, name="global_average_kept"),
        layers.GlobalMaxPooling2D(name="global_max"),
        layers.GlobalMaxPooling2D(keepdims=True, name="global_max_kept"),
    )


@case
def upsampling():
    up = layers.UpSampling2D
    return branches(
        (3, 4, 2),
        up(name="nearest"),
        up((3, 1), name="nearest_unequal"),
        up(2, interpolation="bilinear", name="bilinear"),
        up((3, 4), interpolation="bilinear", name="bilinear_unequal"),
        [up(2), layers.SeparableConv2D(3, 3, padding="same", name="conv")],
    )


@case
def shapes():
    return branches(
        (3, 4, 5),
        layers.Flatten(name="flatten"),
        layers.Reshape((12, 5), name="merge"),
        layers.Reshape((-1,), name="unknown"),
        layers.Reshape((5, -1, 2, 3), name="regroup"),
        layers.Permute((2, 1, 3), name="transpose"),
        layers.Permute((3, 1, 2), name="channels_to_front"),
        [
            layers.Permute((3, 2, 1), name="reverse"),
            layers.Flatten(name="reversed"),
            layers.Dense(3, name="dense"),
        ],
    )


@case
def inference_no_ops():
    return Sequential(
        [
            Input((4, 5, 3)),
            layers.GaussianNoise(0.5),
            layers.SeparableConv2D(4, 3),
            layers.SpatialDropout2D(0.3),
            layers.GaussianDropout(0.2),
            layers.ActivityRegularization(l2=0.1),
            layers.AlphaDropout(0.1),
            layers.Activation("linear"),
            layers.Identity(),
            layers.Flatten(),
            layers.Dropout(0.5, seed=3),
            layers.Dense(3),
        ]
    )
