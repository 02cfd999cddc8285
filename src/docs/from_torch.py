"""Moves weights from PyTorch to Keras."""


def lstm_weights(torch_lstm):
    """Weights of a torch.nn.LSTM of one layer, in the order of keras.layers.LSTM.set_weights."""
    kernel, recurrent = (w.detach().numpy().T for w in (torch_lstm.weight_ih_l0, torch_lstm.weight_hh_l0))
    bias = (torch_lstm.bias_ih_l0 + torch_lstm.bias_hh_l0).detach().numpy()
    return [kernel, recurrent, bias]
