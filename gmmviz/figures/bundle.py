"""The player's modules as one script, for where none can be loaded: in a file, in a notebook.

Each module becomes a function that is called once and returns what it exports; what it imports is taken from those
before it. Nothing else is changed, so this needs no build step, and no address that a strict page would refuse. It
knows the forms in which the player's modules are written, and raises where it meets another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from graphlib import TopologicalSorter

IMPORT = re.compile(r'^import \{ (\w+(?:, \w+)*) \} from "\./(\w+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)
STRANGE = re.compile(r"^\s*(?:import|export)\b[^(].*|\bimport\s*\(.*|\bimport\.meta\b.*", re.MULTILINE)


def bundled(modules: Mapping[str, str], entry: str) -> str:
    """Return a script, for strict mode, whose last value is what a module exports.

    Parameters
    ----------
    modules : mapping of str to str
        The text of each module, by its name without ".js". Those that the entry does not need are left out.
    entry : str
        The module that is wanted.

    Returns
    -------
    str
        An expression: a function, called at once.

    Raises
    ------
    ValueError
        If a module imports or exports in a form that is not known here, or modules import each other in a circle.
    KeyError
        If a module is not there that is imported.

    Examples
    --------
    >>> b = 'import { one } from "./a.js";\\nexport const two = 2 * one;'
    >>> print(bundled({"a": "export const one = 1;", "b": b}, "b"))
    (() => {
    "use strict";
    const $a = (() => {
    const one = 1;
    return { one };
    })();
    const $b = (() => {
    const { one } = $a;
    const two = 2 * one;
    return { two };
    })();
    return $b;
    })()
    """
    parts = [_called(name, modules[name]) for name in in_order(modules, entry)]
    return "\n".join(["(() => {", '"use strict";', *parts, f"return ${entry};", "})()"])


def in_order(modules: Mapping[str, str], entry: str) -> list[str]:
    """Return the names of the modules that one needs, each after those that it imports, itself last."""
    graph, left = {}, [entry]
    while left:
        name = left.pop()
        if name not in graph:
            graph[name] = [other for _, other in IMPORT.findall(modules[name])]
            left += graph[name]
    return list(TopologicalSorter(graph).static_order())


def _called(name: str, text: str) -> str:
    """Return a module as a constant: what a function returns that is called once."""
    exported = EXPORT.findall(text)
    body = EXPORT.sub("", IMPORT.sub(r"const { \1 } = $\2;", text)).rstrip("\n")
    if strange := STRANGE.search(body):
        raise ValueError(
            f"{name}.js has {strange[0].strip()!r}: write imports and exports as other modules do."
        )
    return f"const ${name} = (() => {{\n{body}\nreturn {{ {', '.join(exported)} }};\n}})();"
