"""Arrays in Plotly's compact form: {"dtype", "bdata"[, "shape"]}, base64 of the raw numbers."""

import base64

import numpy as np


def packed(values, dtype: str) -> dict:
    """Return `values` in Plotly's typed form; `dtype` is one of Plotly's names, such as "f4" or "u2".

    >>> packed([1, 2], "u1")
    {'dtype': 'u1', 'bdata': 'AQI='}
    """
    array = np.ascontiguousarray(values, dtype="<" + dtype)
    spec = {"dtype": dtype, "bdata": base64.b64encode(array.tobytes()).decode()}
    if array.ndim > 1:
        spec["shape"] = ", ".join(map(str, array.shape))
    return spec


def unpacked(spec: dict) -> np.ndarray:
    """Return the array that `packed` encoded.

    >>> unpacked(packed([[1.5, 2.5]], "f4")).tolist()
    [[1.5, 2.5]]
    """
    array = np.frombuffer(base64.b64decode(spec["bdata"]), dtype="<" + spec["dtype"])
    return array.reshape([int(n) for n in spec["shape"].split(",")]) if "shape" in spec else array
