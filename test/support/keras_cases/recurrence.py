"""Cells, stacks of cells, and convolutional recurrent layers."""

from keras import Input, Model, layers

from . import case


@case
def recurrent_cells():
    x, states = Input((5, 4), name="x"), [Input((3,), name=name) for name in ("hidden", "cell")]
    cells = [layers.GRUCell(3), layers.LSTMCell(4), layers.GRUCell(2, reset_after=False)]
    stack = layers.RNN(cells, return_sequences=True, name="stack")(x)
    outputs = [stack, *layers.RNN(layers.SimpleRNNCell(3, use_bias=False), return_state=True, name="simple")(stack)]
    backwards = layers.RNN(layers.LSTMCell(3), return_state=True, return_sequences=True, go_backwards=True, name="last")
    outputs += backwards(x, initial_state=states)
    outputs += layers.Bidirectional(layers.LSTM(3, return_state=True), name="both")(x)
    pair = layers.RNN([layers.GRUCell(3), layers.SimpleRNNCell(2)])
    outputs += [layers.Bidirectional(pair, merge_mode="sum", name="pairs")(stack)]
    outputs += layers.Bidirectional(layers.GRU(3), merge_mode=None, name="given")(x, initial_state=states)
    return Model([x, *states], outputs)


@case
def recurrent_convolutions():
    x = Input((3, 6, 5, 2), name="x")
    same = layers.ConvLSTM2D(3, 3, padding="same", return_sequences=True, return_state=True, name="same")(x)
    backwards = {"go_backwards": True, "return_state": True, "use_bias": False, "recurrent_activation": "hard_sigmoid"}
    outputs = [*same, *layers.ConvLSTM2D(2, (2, 3), strides=2, name="strided", **backwards)(same[0])]
    outputs += [layers.ConvLSTM2D(3, 3, padding="same", name="next")(x, initial_state=same[1:])]
    line = layers.ConvLSTM1D(3, 2, dilation_rate=2, return_sequences=True, name="line")(x[:, :, 0])
    outputs += [line, layers.Bidirectional(layers.ConvLSTM1D(2, 2), name="both")(line)]
    return Model(x, outputs)
