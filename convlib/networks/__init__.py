"""Networks: layers in a row, their gradients, and training that can be interrupted."""

from convlib.networks.gradient_check import check_gradients
from convlib.networks.history import History
from convlib.networks.layers import AvgPool, Conv, Dense, Layer, MaxPool, Relu
from convlib.networks.network import (
    Loss,
    accuracy,
    backward,
    forward,
    gradients,
    predict,
    set_weights,
    weights,
)
from convlib.networks.training import train

__all__ = [
    "AvgPool", "Conv", "Dense", "History", "Layer", "Loss", "MaxPool", "Relu", "accuracy",
    "backward", "check_gradients", "forward", "gradients", "predict", "set_weights", "train",
    "weights",
]
