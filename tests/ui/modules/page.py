"""A blank page that can import the player's modules: for their tests and benchmarks."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page

import gmmviz

MODULES = Path(gmmviz.__file__).parent / "ui" / "player" / "modules"
HOST = "http://modules.test"

# The body of an async function of `given`; every module is there by its name, which the body may give to something of
# its own. Typed arrays come back as lists.
RUN = """async ([body, given, names]) => {
  const modules = await Promise.all(names.map((name) => import(`./${name}.js`)));
  const run = new (async () => {}).constructor("given", ...names, `{ ${body}\n}`);
  const plain = (key, value) => {
    if (ArrayBuffer.isView(value)) return Array.from(value, (number) => plain(key, number));
    return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  };
  return JSON.stringify((await run(given, ...modules)) ?? null, plain);
}"""


def blank_page(browser: Browser) -> Page:
    """Open a page that holds nothing, and can import the modules from "./"."""
    page = browser.new_page()

    def answer(route):
        path = MODULES / route.request.url.removeprefix(HOST).lstrip("/")
        if path == MODULES:
            route.fulfill(body="<!doctype html><title>blank</title>", content_type="text/html")
        elif path.is_file():
            route.fulfill(body=path.read_bytes(), content_type="text/javascript")
        else:
            route.fulfill(status=404)

    page.route(f"{HOST}/**", answer)
    page.goto(f"{HOST}/")
    return page


def runner(page: Page) -> Callable:
    """Return a function that runs JavaScript's `body` on a page with `given`, and gives what it returns.

    Numbers that are not finite come back as "Infinity", "-Infinity" and "NaN", for which float() has a meaning.
    """
    names = sorted(path.stem for path in MODULES.glob("*.js"))
    numbers = {"parse_int": lambda digits: int(digits) if len(digits) < 16 else float(digits)}
    return lambda body, given=None: json.loads(page.evaluate(RUN, [body, given, names]), **numbers)
