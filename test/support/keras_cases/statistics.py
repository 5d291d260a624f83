"""Normalization by the input's own statistics."""

from keras import layers

from . import branches, case


@case
def statistics():
    return branches(
        (7, 5, 6),
        layers.LayerNormalization(epsilon=1e-6),
        layers.LayerNormalization(axis=[1, 2], center=False),
        layers.LayerNormalization(axis=-1, scale=False),
        layers.GroupNormalization(groups=3),
        layers.GroupNormalization(groups=-1, axis=1, center=False),
        layers.RMSNormalization(),
        layers.UnitNormalization(axis=[1, 3]),
        layers.UnitNormalization(),
    )
