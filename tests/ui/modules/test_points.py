"""points.js: sparse compositing shows what painting disc over disc would show."""

import numpy as np
import pytest

PAINT = """return given.map(({ xs, ys, rgb, view }) => {
  const placement = points.place(Float64Array.from(xs), Float64Array.from(ys), view);
  const image = new ImageData(placement.width, placement.height);
  image.data.fill(99); // what was there before must not shine through
  points.paint(placement, Uint32Array.from(rgb, (colour) => colours.pack(...colour)), image);
  return { width: image.width, height: image.height, data: image.data, alphas: placement.alphas };
})"""


def painted(run_js, cases) -> list[np.ndarray]:
    """Each case's picture (height, width, 4): points (N, 2) in px, colours (N, 3), and how to place them."""
    given = [
        {"xs": [*map(float, at[:, 0])], "ys": [*map(float, at[:, 1])], "rgb": rgb.tolist(), "view": view}
        for at, rgb, view in cases
    ]
    return [np.reshape(got["data"], (got["height"], got["width"], 4)) for got in run_js(PAINT, given)]


def disc_over_disc(at, rgb, view) -> tuple[np.ndarray, np.ndarray]:
    """The same by source-over, one disc after another: premultiplied colours (height, width, 3), alpha."""
    ratio = view.get("ratio", 1)
    H, W = round(view["height"] * ratio), round(view["width"] * ratio)
    rows, columns = np.mgrid[:H, :W] + 0.5
    colour, alpha = np.zeros((H, W, 3)), np.zeros((H, W))
    for (x, y), own in zip(at * ratio, rgb, strict=True):
        away = np.hypot(columns - x, rows - y)
        a = view["opacity"] * np.clip(view["radius"] * ratio + 0.5 - away, 0, 1)
        colour = colour * (1 - a[..., None]) + own * a[..., None]
        alpha = alpha * (1 - a) + a
    return colour, alpha


def assert_shows(picture, at, rgb, view):
    colour, alpha = disc_over_disc(at, rgb, view)
    assert picture.shape == (*alpha.shape, 4)
    assert abs(picture[..., 3] - 255 * alpha).max() <= 1.01
    for background in (0, 255):
        shown = picture[..., 3:] / 255
        seen = picture[..., :3] * shown + background * (1 - shown)
        assert abs(seen - (colour + background * (1 - alpha[..., None]))).max() <= 2


def some_points(rng, N, width=60, height=40, spread=0.5):
    at = rng.normal(0.5, spread, (N, 2)) * [width, height]
    return at, rng.integers(0, 256, (N, 3))


VIEW = {"width": 60, "height": 40, "radius": 3.0, "opacity": 0.8}


@pytest.mark.parametrize("ratio", [1, 1.25, 2])
def test_it_is_what_disc_over_disc_shows(run_js, ratio):
    rng = np.random.default_rng(0)
    cases = []
    for radius, opacity, N, spread in [
        (3.0, 0.8, 60, 0.3),
        (0.4, 0.5, 200, 0.2),
        (1.3, 0.45, 900, 0.15),
        (4.5, 0.9, 300, 0.1),
        (2.0, 1.0, 100, 0.6),
        (25.0, 0.1, 60, 0.5),
        (1.0, 0.02, 800, 0.1),
    ]:
        view = {"width": 60, "height": 40, "radius": radius, "opacity": opacity, "ratio": ratio}
        cases.append((*some_points(rng, N, spread=spread), view))
    for case, picture in zip(cases, painted(run_js, cases), strict=True):
        assert_shows(picture, *case)


def test_one_point_alone(run_js):
    cases = []
    for radius in (0.3, 0.6, 1.0, 1.3, 2.7, 8.0):
        for x, y in ((20.5, 20.5), (20, 20), (20, 20.5), (20.3, 20.9)):
            view = VIEW | {"radius": radius, "opacity": 0.9}
            cases.append((np.array([[x, y]], dtype=float), np.array([[10, 200, 100]]), view))
    for case, picture in zip(cases, painted(run_js, cases), strict=True):
        assert_shows(picture, *case)


def test_the_order_decides_who_is_seen(run_js):
    at, rgb = some_points(np.random.default_rng(1), 80, spread=0.1)
    orders = [np.random.default_rng(seed).permutation(80) for seed in range(4)]
    cases = [(at[order], rgb[order], VIEW) for order in orders]
    pictures = painted(run_js, cases)
    for case, picture in zip(cases, pictures, strict=True):
        assert_shows(picture, *case)
    assert abs(pictures[0] - pictures[1])[..., :3].max() > 20
    assert abs(pictures[0] - pictures[1])[..., 3].max() <= 1


def test_a_hundred_on_one_spot(run_js):
    rng = np.random.default_rng(2)
    rgb = rng.integers(0, 256, (100, 3))
    rgb[::2], rgb[1::4] = 255, 0
    cases = [
        (np.full((100, 2), 20.25), rgb, VIEW | {"opacity": opacity}) for opacity in (0.02, 0.3, 0.9, 1.0)
    ]
    for case, picture in zip(cases, painted(run_js, cases), strict=True):
        assert_shows(picture, *case)


def test_deep_stacks_are_cut(run_js):
    ends = run_js(
        """return [1, 0.6, 0.01].map((opacity) => {
          const xs = new Float64Array(3000).fill(5.5);
          const { starts, pixels } = points.place(xs, xs, { width: 11, height: 11, radius: 2, opacity });
          const p = pixels.indexOf(5 * 11 + 5);
          return starts[p + 1] - starts[p];
        })"""
    )
    assert ends == [1, 7, 621]  # the first n with (1 - opacity)^n < 1 / 512


def test_outside_there_is_nothing(run_js):
    far = [[-3.4, 20], [20, -3.4], [63.4, 20], [20, 43.4], [-1e9, 5], [np.nan, 5], [5, np.nan], [30, 20]]
    at, rgb = np.array(far), np.tile([200, 100, 50], (8, 1))
    given = [{"xs": at[:, 0].tolist(), "ys": at[:, 1].tolist(), "rgb": rgb.tolist(), "view": VIEW}]
    given[0]["xs"] = [None if np.isnan(x) else x for x in at[:, 0]]
    given[0]["ys"] = [None if np.isnan(y) else y for y in at[:, 1]]
    script = PAINT.replace("Float64Array.from(xs)", "Float64Array.from(xs, (x) => x ?? NaN)")
    script = script.replace("Float64Array.from(ys)", "Float64Array.from(ys, (y) => y ?? NaN)")
    (got,) = run_js(script, given)
    finite = np.isfinite(at).all(axis=1)
    assert_shows(np.reshape(got["data"], (40, 60, 4)), at[finite], rgb[finite], VIEW)


def test_half_outside(run_js):
    edges = np.array([[0.0, 0.0], [60.0, 40.0], [-1.5, 20.0], [30.0, 41.0], [61.0, -1.0], [59.9, 0.1]])
    case = (edges, np.random.default_rng(3).integers(0, 256, (6, 3)), VIEW)
    assert_shows(painted(run_js, [case])[0], *case)


def test_no_points(run_js):
    (picture,) = painted(run_js, [(np.zeros((0, 2)), np.zeros((0, 3), int), VIEW)])
    assert picture.shape == (40, 60, 4)
    assert not picture.any()


def test_the_weights_of_a_pixel_are_a_whole(run_js):
    at, _ = some_points(np.random.default_rng(4), 400, spread=0.2)
    found = run_js(
        "return points.place(Float64Array.from(given.xs), Float64Array.from(given.ys), given.view)",
        {"xs": at[:, 0].tolist(), "ys": at[:, 1].tolist(), "view": VIEW},
    )
    starts, pixels, weights = (np.array(found[name]) for name in ("starts", "pixels", "weights"))
    assert (np.add.reduceat(weights, starts[:-1]) == 65535).all()
    assert starts[-1] == len(weights) == len(found["points"])
    assert (np.diff(pixels) > 0).all()
    assert [found["width"], found["height"]] == [60, 40]


def test_a_colour_is_kept_as_it_is(run_js):
    rng = np.random.default_rng(5)
    at, _ = some_points(rng, 150, spread=0.2)
    for colour in ([0, 0, 0], [255, 255, 255], [1, 128, 254], [0, 114, 178]):
        (picture,) = painted(run_js, [(at, np.tile(colour, (150, 1)), VIEW)])
        assert (picture[picture[..., 3] > 0][:, :3] == colour).all()


def test_points_shrink_and_pale_with_their_number_and_grow_with_the_picture(run_js):
    numbers = [0, 1, 30, 100, 500, 1500, 5000, 20_000, 100_000, 10**7]
    sizes = [(200, 300), (600, 600), (900, 400), (1500, 900), (8000, 6000)]
    found = run_js(
        "return given.sizes.map((size) => given.numbers.map((N) => points.style(N, ...size)))",
        {"numbers": numbers, "sizes": sizes},
    )
    radius = np.array([[style["radius"] for style in row] for row in found])
    opacity = np.array([[style["opacity"] for style in row] for row in found])
    assert radius[1, 3] == pytest.approx(4.5)
    assert opacity[1, 3] == pytest.approx(0.9)
    assert radius[1, 7] == pytest.approx(1.3)
    assert opacity[1, 7] == pytest.approx(0.45)
    assert radius[2] == pytest.approx(radius[1])  # as large a picture
    assert (np.diff(radius, axis=1) <= 0).all()
    assert (np.diff(radius[:, 2:9], axis=1) < 0).all()
    assert (np.diff(radius[[0, 1, 3, 4]], axis=0) > 0).all()
    assert (np.diff(opacity, axis=1) <= 0).all()
    assert (opacity > 0.2).all()
    assert (opacity <= 0.9).all()
    assert (radius > 0.4).all()
    assert (radius < 20).all()
