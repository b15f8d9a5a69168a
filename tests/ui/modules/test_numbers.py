"""numbers.js: arrays from Python, and the algebra of small matrices, against numpy's."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from gmmviz.em import careful
from gmmviz.figures.arrays import packed
from gmmviz.numerals import numeral


def many_numbers():
    """Numbers of every size, with few digits and with many, beside every power of ten and around what is rounded."""
    rng = np.random.default_rng(0)
    found = [
        0,
        -0.0,
        1,
        1999,
        -1234.6,
        20_000,
        0.00123456,
        999_400,
        999_949,
        999_951,
        1e6,
        0.1 + 0.2,
        5e-324,
        1e308,
    ]
    for power in range(-12, 13):
        found += [
            10.0**power * factor for factor in (1, 0.99949, 0.99996, 1.00049, 1.0051, 2.5, 7, 9.9996, 1234.56)
        ]
    found += (rng.choice([-1, 1], 400) * 10.0 ** rng.uniform(-9, 9, 400)).tolist()
    found += (rng.integers(-(10**6), 10**6, 200) / 1000).tolist()
    return [sign * value for value in found for sign in (1, -1)]


@pytest.mark.parametrize("digits", [1, 2, 3, 4, 5, 6])
def test_a_number_is_written_as_python_writes_it(run_js, digits):
    values = [value for value in many_numbers() if not is_halfway(value, digits)]
    assert len(values) > 1500
    found = run_js("return given[0].map((value) => numbers.numeral(value, given[1]))", [values, digits])
    assert found == [numeral(float(value), f".{digits}g") for value in values]


def is_halfway(value, digits):
    """Whether a number lies exactly between two of so many digits."""
    exact = Decimal(value)
    return not exact.is_zero() and exact.scaleb(digits - 1 - exact.adjusted()) % 1 in (
        Decimal("0.5"),
        Decimal("-0.5"),
    )


def test_by_default_a_number_has_four_digits_and_a_half_goes_up(run_js):
    values = [-0.0000123456, 123456.7, 0.125, 1234.5, -1e-6]
    found = run_js("return given.map((value) => numbers.numeral(value))", values)
    assert found == ["−1.235\xa0×\xa010⁻⁵", "123,500", "0.125", "1,235", "−10⁻⁶"]
    assert run_js("return [NaN, Infinity, -Infinity].map((value) => numbers.numeral(value))") == [
        "NaN",
        "∞",
        "−∞",
    ]


@pytest.mark.parametrize("dtype", ["f8", "f4", "u1", "u2", "i4"])
@pytest.mark.parametrize("size", [0, 1, 3, 1000])
def test_arrays_arrive_as_they_were_packed(run_js, dtype, size):
    values = (np.random.default_rng(size).random(size) * 200).astype(dtype)
    kind, found = run_js(
        "const array = numbers.unpack(given); return [array.constructor.name, array]", packed(values, dtype)
    )
    assert (
        kind
        == {
            "f8": "Float64Array",
            "f4": "Float32Array",
            "u1": "Uint8Array",
            "u2": "Uint16Array",
            "i4": "Int32Array",
        }[dtype]
    )
    assert found == values.tolist()


def test_shapes_and_unknown_types(run_js):
    shapes = run_js(
        "return given.map((array) => numbers.shapeOf(array, 6))",
        [packed(np.zeros((3, 2)), "f8"), packed(np.zeros(6), "f8"), packed(np.zeros((1, 2, 3)), "u1")],
    )
    assert shapes == [[3, 2], [6], [1, 2, 3]]
    with pytest.raises(Exception, match="not c16"):
        run_js("numbers.unpack({ dtype: 'c16', bdata: '' })")


def test_lerp_ends_where_it_should_and_stays_between(run_js):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 300)) * 10.0 ** rng.integers(-300, 300, (2, 300))
    shares = [0, 0.1, 0.5, 0.7, 1]
    found = np.array(
        run_js(
            "return given[2].map((s) => numbers.lerpAll(given[0], given[1], s))",
            [a.tolist(), b.tolist(), shares],
        )
    )
    assert (found[0] == a).all()
    assert (found[-1] == b).all()
    for share, row in zip(shares, found, strict=True):
        np.testing.assert_allclose(
            row, a + share * (b - a), rtol=1e-14, atol=4e-16 * max(abs(a).max(), abs(b).max())
        )
        assert ((row >= np.minimum(a, b)) & (row <= np.maximum(a, b))).all()


def test_powers_of_two(run_js):
    values = [1.0, 0.999, 2.0, 3.0, 4.1e-160, 1e152, 7e-3, np.nextafter(8, 0)]
    found = run_js("return given.map(numbers.powerOfTwo)", values)
    assert found == careful.powers_of_two(np.array(values)).tolist()


def spd(rng, D: int) -> np.ndarray:
    """A random positive definite matrix (D, D), of any scale, now and then nearly singular."""
    A = rng.normal(size=(D, D)) * 10.0 ** rng.uniform(-3, 3, D)[:, None]
    return A @ A.T + 10.0 ** rng.uniform(-12, 0) * np.diag(np.diag(A @ A.T))


def test_cholesky_and_triangles(run_js):
    rng = np.random.default_rng(1)
    cases = [spd(rng, D) for D in (1, 2, 3, 4, 7) for _ in range(40)]
    sides = [rng.normal(size=len(case)) for case in cases]
    found = run_js(
        """return given.map(([matrix, b, D]) => {
          const lower = numbers.cholesky(matrix, D);
          return [lower, numbers.solveLower(lower, b, D), numbers.invertLower(lower, D)];
        })""",
        [[case.ravel().tolist(), b.tolist(), len(b)] for case, b in zip(cases, sides, strict=True)],
    )
    for case, b, (lower, y, inverse) in zip(cases, sides, found, strict=True):
        lower, inverse = np.reshape(lower, case.shape), np.reshape(inverse, case.shape)
        deviations = np.sqrt(np.diag(case))
        assert (np.triu(lower, 1) == 0).all()
        assert (np.triu(inverse, 1) == 0).all()
        np.testing.assert_allclose(
            (lower @ lower.T) / np.outer(deviations, deviations),
            case / np.outer(deviations, deviations),
            atol=1e-14,
        )
        reach = abs(inverse) @ abs(b)  # what a sum of such numbers may lose digits of
        np.testing.assert_array_less(abs(lower @ y - b), 1e-13 * (abs(lower) @ reach) + 1e-300)
        np.testing.assert_array_less(
            abs(inverse @ b - y), 1e-13 * (abs(inverse) @ (abs(lower) @ reach)) + 1e-300
        )


def test_what_is_not_positive_definite_has_no_factor(run_js):
    cases = [[0, 0, 0, 0], [1, 1, 1, 1], [1, 2, 2, 1], [-1, 0, 0, 1], [1, 0, 0, -1], [float("nan"), 0, 0, 1]]
    assert run_js("return given.map((matrix) => numbers.cholesky(matrix, 2))", cases) == [None] * len(cases)


def test_determinants_keep_their_digits(run_js):
    rng = np.random.default_rng(2)
    rows = []
    for _ in range(300):
        a, c = rng.uniform(1, 4, 2)
        b = np.sqrt(a * c * (1 - 10.0 ** rng.uniform(-16, 0))) * rng.choice([-1, 1])
        rows.append([a, b, c])
    found = run_js("return given.map((row) => numbers.determinant(...row))", rows)
    for (a, b, c), determinant in zip(rows, found, strict=True):
        exact = Fraction(a) * Fraction(c) - Fraction(b) ** 2
        assert abs(Fraction(determinant) - exact) <= abs(exact) * Fraction(1, 10**14)


def test_symmetric_roots(run_js):
    rng = np.random.default_rng(3)
    cases = [spd(rng, 2) * 10.0 ** rng.integers(-280, 280) for _ in range(400)] + [
        np.eye(2),
        np.diag([4.0, 1e-9]),
    ]
    rows = [[m[0, 0], m[0, 1], m[1, 1]] for m in cases]
    for matrix, (p, q, r) in zip(
        cases, run_js("return given.map((m) => numbers.symmetricRoot(...m))", rows), strict=True
    ):
        root = np.array([[p, q], [q, r]]) / np.sqrt(matrix.max())
        np.testing.assert_allclose(root @ root, matrix / matrix.max(), atol=4e-15)
        assert np.linalg.eigvalsh(root).min() >= -1e-15


def test_roots_of_what_has_no_width(run_js):
    assert run_js(
        "return [[0, 0, 0], [4, 0, 0], [1, 1, 1], [1, 1 + 2 ** -52, 1]].map((m) => numbers.symmetricRoot(...m))"
    ) == [
        [0, 0, 0],
        [2, 0, 0],
        [pytest.approx(0.5**0.5)] * 3,
        [pytest.approx(0.5**0.5)] * 3,
    ]


def test_pixels_have_y_down(run_js):
    scale = run_js("return numbers.pixelsOf([[-1, 3], [10, 20]], 400, 300)")
    assert scale == {"x0": 100, "sx": 100, "y0": 600, "sy": -30}
