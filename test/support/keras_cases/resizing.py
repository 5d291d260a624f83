"""Images of other sizes: interpolation and transposed convolutions."""

from keras import Input, Model, layers, ops

from . import branches, case


@case
def transposed_convolutions():
    return branches(
        (6, 5, 3),
        layers.Conv2DTranspose(4, 3, strides=2, padding="same", activation="relu"),
        layers.Conv2DTranspose(2, (3, 2), strides=(2, 3), padding="valid"),
        layers.Conv2DTranspose(3, 2, strides=3, padding="valid", use_bias=False),
        layers.Conv2DTranspose(2, 3, strides=2, padding="same", output_padding=1),
    )


@case
def resizing():
    x = Input((9, 7, 2), name="x")
    outputs = [layers.Resizing(5, 11, kind)(x) for kind in ("nearest", "bilinear", "bicubic", "lanczos3")]
    outputs += [layers.Resizing(4, 3, kind, antialias=True)(x) for kind in ("bilinear", "bicubic", "lanczos5")]
    outputs += [layers.Resizing(4, 6, crop_to_aspect_ratio=True)(x)]
    outputs += [layers.Resizing(6, 6, pad_to_aspect_ratio=True, fill_value=0.5)(x)]
    outputs += [layers.CenterCrop(4, 5)(x), ops.image.resize(x, (12, 8))]
    outputs += [layers.UpSampling2D(2, interpolation=kind)(x) for kind in ("bicubic", "lanczos3", "lanczos5")]
    return Model(x, outputs)
