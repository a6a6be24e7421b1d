"""convlib: convolution and its gradients, derived from one table of products (see kernel_map)."""

from typing import TYPE_CHECKING, Any

try:
    from convlib.activations import (
        relu,
        relu_backward,
        sigmoid,
        sigmoid_backward,
        softmax,
        softmax_backward,
    )
    from convlib.axis import output_size
    from convlib.checks import adjoint_gap, agreement, numerical_gradient
    from convlib.conv import Gradients, conv1d, conv1d_backward, conv2d, conv2d_backward
    from convlib.conv_transpose import (
        conv_transpose1d,
        conv_transpose1d_backward,
        conv_transpose2d,
        conv_transpose2d_backward,
    )
    from convlib.dense import linear, linear_backward
    from convlib.kernel_map import KernelMap, kernel_map
    from convlib.losses import (
        l2_penalty,
        l2_penalty_backward,
        softmax_cross_entropy,
        softmax_cross_entropy_backward,
        squared_error,
        squared_error_backward,
    )
    from convlib.matrix import col2im, filter_matrix, im2col, image_matrix, vec
    from convlib.parallel import threads
    from convlib.pooling import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward
except ModuleNotFoundError as error:
    if error.name != "numpy":
        raise
    if not TYPE_CHECKING:  # in a browser without NumPy, the proofs of `convlib.symbolic` work

        def __getattr__(name: str) -> Any:
            if name in __all__:
                raise ModuleNotFoundError(f"{name} needs NumPy", name="numpy")
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

__all__ = [
    "Gradients", "KernelMap", "adjoint_gap", "agreement", "avg_pool2d", "avg_pool2d_backward",
    "col2im", "conv1d", "conv1d_backward", "conv2d", "conv2d_backward", "conv_transpose1d",
    "conv_transpose1d_backward", "conv_transpose2d", "conv_transpose2d_backward", "filter_matrix",
    "im2col", "image_matrix", "kernel_map", "l2_penalty", "l2_penalty_backward", "linear",
    "linear_backward", "max_pool2d", "max_pool2d_backward", "numerical_gradient", "output_size",
    "relu", "relu_backward", "sigmoid", "sigmoid_backward", "softmax", "softmax_backward",
    "softmax_cross_entropy", "softmax_cross_entropy_backward", "squared_error",
    "squared_error_backward", "threads", "vec",
]
