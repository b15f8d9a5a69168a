"""webp.js: stills of the browser become one animated file, as another reader sees it: Pillow, with Google's libwebp."""

import io

import numpy as np
import pytest
from PIL import Image

COLOURS = [[213, 94, 0], [0, 114, 178], [255, 255, 255]]
TIMES = [800, 80, 1234]

STILLS = """const [width, height] = given.size;
const canvas = Object.assign(document.createElement("canvas"), { width, height });
const pen = canvas.getContext("2d", { alpha: given.alpha });
const stills = [];
for (const [i, [r, g, b]] of given.colours.entries()) {
  pen.clearRect(0, 0, width, height);
  pen.fillStyle = `rgb(${r}, ${g}, ${b})`;
  pen.fillRect(0, 0, width, i === 1 && given.alpha ? height / 2 : height);
  const still = await new Promise((done) => canvas.toBlob(done, "image/webp", given.quality));
  stills.push({ file: new Uint8Array(await still.arrayBuffer()), ms: given.times[i] });
}
"""


def filmed(run_js, size=(50, 31), alpha=False, quality=0.9, times=TIMES, then="return file;"):
    body = f"{STILLS}const file = webp.animated(stills, width, height);\n{then}"
    given = {"colours": COLOURS, "times": times, "size": size, "alpha": alpha, "quality": quality}
    return run_js(body, given)


def opened(file) -> Image.Image:
    return Image.open(io.BytesIO(bytes(file)))


@pytest.mark.parametrize(("alpha", "quality"), [(False, 0.9), (False, 1), (True, 0.9), (True, 1)])
@pytest.mark.parametrize("size", [(50, 31), (1, 1), (300, 2)])
def test_another_reader_finds_every_still_with_its_time(run_js, size, alpha, quality):
    film = opened(filmed(run_js, size, alpha, quality))
    assert (film.format, film.size, film.n_frames, film.info["loop"]) == ("WEBP", size, 3, 0)
    for n, (colour, ms) in enumerate(zip(COLOURS, TIMES, strict=True)):
        film.seek(n)
        film.load()
        assert film.info["duration"] == ms
        pixels = np.array(film.convert("RGBA"))
        np.testing.assert_allclose(pixels[0, 0, :3], colour, atol=12)
        clear = alpha and n == 1 and size[1] > 1  # and nothing is kept from before
        assert (pixels[-1, -1, 3] == 0) == clear


def test_a_file_is_as_long_as_it_says_and_its_chunks_are_even(run_js):
    file, names = filmed(run_js, then="return [file, webp.chunksOf(file).map(({ name }) => name)];")
    assert len(file) % 2 == 0
    assert int.from_bytes(bytes(file[4:8]), "little") == len(file) - 8
    assert names == ["VP8X", "ANIM", "ANMF", "ANMF", "ANMF"]


def test_times_are_whole_and_fit_in_three_bytes(run_js):
    film = opened(filmed(run_js, times=[79.6, 1e9, 0.4]))
    found = []
    for n in range(3):
        film.seek(n)
        film.load()
        found.append(film.info["duration"])
    assert found == [80, 2**24 - 1, 0]


def test_another_file_is_refused(run_js):
    say = "try { webp.chunksOf(Uint8Array.from(given)); return 'taken'; } catch (error) { return error.message; }"
    assert run_js(say, list(b"\x89PNG\r\n\x1a\n0000")) == "This is no WebP file."
    assert run_js(say, list(b"RIFF\x04\x00\x00\x00WAVE")) == "This is no WebP file."
