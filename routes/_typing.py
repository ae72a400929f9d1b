"""Array and bounds types used across modules."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]

Bounds: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north, in decimal degrees (WGS 84)."""
