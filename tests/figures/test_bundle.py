"""Modules as one script: what is known is taken over, what is not is refused."""

import pytest

from gmmviz.figures.bundle import bundled, in_order

MODULES = {
    "base": "export const one = 1;",
    "left": 'import { one } from "./base.js";\nexport function two() {\n  return one + one;\n}',
    "right": 'import { one } from "./base.js";\nexport class Three {}',
    "top": 'import { two } from "./left.js";\nimport { Three } from "./right.js";\nexport async function all() {}',
    "apart": "export const never = 0;",
}


def test_each_module_comes_once_after_those_it_imports_and_others_not_at_all():
    order = in_order(MODULES, "top")
    assert sorted(order) == ["base", "left", "right", "top"]
    assert (order[0], order[-1]) == ("base", "top")
    script = bundled(MODULES, "top")
    assert script.count("const $base =") == 1
    assert "never" not in script


@pytest.mark.parametrize(
    "text",
    [
        'import one from "./base.js";',
        'import * as base from "./base.js";',
        'import { one as uno } from "./base.js";',
        'import { one } from "https://elsewhere.test/base.js";',
        'import "./base.js";',
        "export default function () {}",
        "export { one };",
        "export let changing = 1;",
        'export * from "./base.js";',
        'const later = import("./base.js");',
        "const here = import.meta.url;",
    ],
)
def test_a_form_that_is_not_known_is_refused(text):
    with pytest.raises(ValueError, match=r"strange\.js has"):
        bundled(MODULES | {"strange": text}, "strange")


def test_a_word_is_no_import():
    text = 'const says = "import and export";\n// It is important to export nothing.\nexport const it = says;'
    assert text.replace("export const", "const") in bundled({"plain": text}, "plain")


def test_a_module_that_is_not_there_and_a_circle_are_errors():
    with pytest.raises(KeyError, match="base"):
        bundled({"left": MODULES["left"]}, "left")
    circle = {"a": 'import { b } from "./b.js";', "b": 'import { a } from "./a.js";'}
    with pytest.raises(ValueError, match="cycle"):
        bundled(circle, "a")
