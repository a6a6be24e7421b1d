"""Stride, padding and dilation as a caller may write them."""

from collections.abc import Iterable
from typing import SupportsIndex

Ints = SupportsIndex | Iterable[SupportsIndex]
Padding = str | SupportsIndex | Iterable[SupportsIndex | Iterable[SupportsIndex]]
