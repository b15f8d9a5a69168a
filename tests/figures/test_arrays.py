"""Arrays in Plotly's typed form, there and back."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from gmmviz.figures.arrays import packed, unpacked


@given(
    st.sampled_from(["f4", "f8", "u1", "u2", "i4"]).flatmap(
        lambda dtype: arrays("<" + dtype, array_shapes(min_dims=1, max_dims=3)).map(lambda a: (dtype, a))
    )
)
def test_unpacked_arrays_are_those_that_were_packed(case):
    dtype, array = case
    back = unpacked(packed(array, dtype))
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(back, array)


def test_packed_arrays_are_little_endian_whatever_came_in():
    np.testing.assert_array_equal(
        unpacked(packed(np.arange(5, dtype=">f8")[::-1], "f4")), np.arange(5, dtype="f4")[::-1]
    )
