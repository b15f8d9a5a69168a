"""alone.js, and all modules as the one script in which it plays: they are what they are when each is loaded."""

import gzip
from base64 import b64encode

from gmmviz.figures.bundle import bundled
from tests.ui.modules.page import MODULES

TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in MODULES.glob("*.js")}


def test_every_module_exports_the_same_from_the_bundle(run_js):
    bundles = {name: bundled(TEXTS, name) for name in TEXTS}
    body = """const found = {};
    for (const [name, text] of Object.entries(given)) {
      const real = await import(`./${name}.js`), ours = (0, eval)(text);
      const kind = (value) => [typeof value, String(value).length];
      const kinds = (module) => Object.keys(module).sort().map((key) => [key, ...kind(module[key])]);
      found[name] = [kinds(real), kinds(ours)];
    }
    return found;"""
    found = run_js(body, bundles)
    assert found.keys() == TEXTS.keys()
    for real, ours in found.values():
        assert ours == real != []


def test_the_bundle_is_strict_and_leaves_nothing_behind(run_js):
    script = bundled({"only": "export const loose = (function () { return this; })();"}, "only")
    body = "const before = Object.keys(window).length; const { loose } = (0, eval)(given);\n"
    assert run_js(f"{body}return [loose === undefined, Object.keys(window).length - before];", script) == [
        True,
        0,
    ]


def test_no_module_and_no_style_sheet_would_end_its_element():
    player = MODULES.parent
    sheets = [player / "player.css", player / "document.css", player.parent / "present.css"]
    assert not [name for name, text in TEXTS.items() if "</script" in text.lower() or "<!--" in text]
    assert not [sheet.name for sheet in sheets if "</style" in sheet.read_text(encoding="utf-8").lower()]


def test_what_is_packed_is_unpacked(run_js):
    text = "π and </script> " * 5000
    packed = b64encode(gzip.compress(text.encode())).decode()
    assert run_js("return alone.unzipped(given)", packed) == text
