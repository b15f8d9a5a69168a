"""The README's pictures, from the app itself.  Run with `python -m benchmarks.pictures`.

It starts the app, opens it in the tests' own browser, and writes into `.github/`: the explorer's film as an animated
WebP, moment by moment as the player's clock has it, and a picture of each other page.
"""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.app_server import serving
from tests.browser import launch

HERE = Path(__file__).parent.parent / ".github"
FILM = "?dataset=stretched&data_seed=170&init_seed=1"
STILLS = {
    "one-dimension": 4,
    "k-means": 11,
    "density": 0,
    "compare": 9,
    "restarts": 0,
    "choose-k": 0,
    "collapse": 26,
}
SIZE = {"width": 1120, "height": 660}
SHOWN = 800  # px, the width of the moving picture
EVERY, LINGER = 80, 1600  # ms: between two of its moments; at its end
MOST = 3_000_000  # bytes

CLOCK = """async (speed) => {
  const { film } = document.querySelector(".film-plot");
  const { schedule, positionAt } = await import(new URL(`${film.data.modules}timeline.js`, document.baseURI));
  const clock = schedule(film.scene.T, film.scene.mode, speed);
  window.showAt = (ms) => film.seek(positionAt(clock, ms));
  return clock.length;
}"""
SIDEBAR = "[data-testid=stSidebarCollapseButton] button"


def opened(browser: Browser, url: str) -> Page:
    """Return the explorer in a tab, without its sidebar."""
    page = browser.new_page(viewport=SIZE, color_scheme="light")
    page.goto(url)
    page.locator(".film[data-frame]").wait_for()
    page.get_by_test_id("stSidebar").hover()
    page.locator(SIDEBAR).click()
    page.mouse.move(5, SIZE["height"] - 5)
    page.wait_for_function("document.querySelector('.film').clientWidth > 1050")
    return page


def shot(page: Page) -> Image.Image:
    """Return what the tab shows, once it is painted."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return Image.open(io.BytesIO(page.screenshot()))


def film(page: Page) -> int:
    """Write the moving picture and return its size in bytes."""
    length = page.evaluate(CLOCK, "Normal")
    moments = []
    for ms in range(0, int(length) + EVERY, EVERY):
        page.evaluate("ms => window.showAt(ms)", ms)
        picture = shot(page)
        moments.append(picture.resize((SHOWN, round(SHOWN * picture.height / picture.width)), Image.LANCZOS))
    path = HERE / "explorer.webp"
    durations = [EVERY] * (len(moments) - 1) + [LINGER]
    moments[0].save(
        path, save_all=True, append_images=moments[1:], duration=durations, loop=0, quality=70, method=4
    )
    return path.stat().st_size


def still(page: Page, name: str, steps: int) -> None:
    """Write the picture of a page, so many steps into its film."""
    page.locator(f'[data-testid=stTopNavLink][href$="/{name}"]').click()
    page.wait_for_timeout(1500)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    for _ in range(steps):
        page.keyboard.press("ArrowRight")
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(1500)
    shot(page).save(HERE / f"{name}.webp", quality=85, method=6)


def main() -> None:
    """Take all pictures."""
    with serving() as url, sync_playwright() as playwright:
        browser = launch(playwright)
        page = opened(browser, f"{url}/{FILM}")
        size = film(page)
        print(f"explorer.webp: {size / 1e6:.2f} MB")
        assert size < MOST, "too large for a README"
        page.close()
        page = opened(browser, url)
        for name, steps in STILLS.items():
            still(page, name, steps)
        browser.close()


if __name__ == "__main__":
    main()
