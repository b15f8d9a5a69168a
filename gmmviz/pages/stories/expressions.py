"""Expressions over named facts, such as "other.log_likelihood > run.log_likelihood": read, checked, evaluated.

What a story may say is a small part of Python's syntax, walked here node by node; nothing is ever executed.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping

from gmmviz.numerals import numeral

OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
FUNCTIONS = {"abs": abs, "min": min, "max": max, "round": round}
LONGEST = 300  # characters of an expression
PLACEHOLDER = re.compile(r"\{([^{}:]+)(?::([^{}]*))?\}")
SPEC = re.compile(r"none|[+]?(\.\d+)?[fg]?")


class ExpressionError(ValueError):
    """An expression that cannot be read, or names what is not there. Says what to write instead."""


def facts_in(text: str) -> set[tuple[str, str]]:
    """Return the facts that an expression names, as (name, fact); raise an ExpressionError if it is none.

    >>> sorted(facts_in("run.falls == 0 and run.width[2] < other.width[1]"))
    [('other', 'width'), ('run', 'falls'), ('run', 'width')]
    """
    found: set[tuple[str, str]] = set()
    _walk(_parsed(text), lambda name, fact: found.add((name, fact)))
    return found


def evaluate(text: str, names: Mapping[str, Callable[[str], object]]):
    """Return the value of an expression.

    Parameters
    ----------
    text : str
        Numbers, texts, True and False, facts as "name.fact", "name.fact[2]", + - * /, comparisons, and, or, not,
        abs, min, max, and round, so that differences told are those of the numbers told.
    names : mapping of str to callable
        For each name what returns its facts by their names, or raises a KeyError.

    Raises
    ------
    ExpressionError
        For anything else, and for facts that are not there.

    Examples
    --------
    >>> evaluate("2 * run.points - 1", {"run": {"points": 60}.__getitem__})
    119
    """
    return _value(_parsed(text), text, names)


def filled(text: str, names: Mapping[str, Callable[[str], object]]) -> str:
    """Return a text with each placeholder, "{expression}" or "{expression:format}", replaced by its value.

    >>> filled("It ends at {run.end:.1f}.", {"run": {"end": -1956.75}.__getitem__})
    'It ends at −1,956.8.'
    """
    return PLACEHOLDER.sub(lambda found: shown(evaluate(found[1], names), found[2] or ""), text)


def placeholders(text: str) -> list[str]:
    """Return the expressions in a text's placeholders; raise an ExpressionError where a brace has no partner.

    >>> placeholders("{run.points} points, {run.weight[1]:.2f} of them")
    ['run.points', 'run.weight[1]']
    """
    if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
        raise ExpressionError('a brace has no partner: write a placeholder as "{run.iterations}"')
    for expression, spec in PLACEHOLDER.findall(text):
        if not SPEC.fullmatch(spec):
            raise ExpressionError(
                f'"{expression}:{spec}" asks for no format: write for example "{expression}:.1f"'
            )
    return [expression for expression, _ in PLACEHOLDER.findall(text)]


def shown(value, spec: str = "") -> str:
    """Return a value as a reader sees it: numbers as everywhere on the pages, at most four digits unless asked.

    The format "none" is for a count: it says "none" in place of 0.

    >>> shown(12345), shown(0.123456), shown((1.0, -2.5)), shown("converged"), shown(0, "none"), shown(3, "none")
    ('12,345', '0.1235', '(1, −2.5)', 'converged', 'none', '3')
    """
    if spec == "none":
        return shown(value) if value else "none"
    if isinstance(value, tuple):
        return f"({', '.join(shown(part, spec) for part in value)})"
    if isinstance(value, str | bool):
        return str(value)
    return numeral(value, spec or ("" if isinstance(value, int) else ".4g"))


# --- Reading it -------------------------------------------------------------------------------------------------------


def _parsed(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise ExpressionError(f"it is longer than {LONGEST} characters: make it shorter")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise ExpressionError(f'"{text}" cannot be read: write for example "run.falls == 0"') from error


def _walk(node: ast.expr, on_fact: Callable[[str, str], object]):
    """Call `on_fact` for each fact named; raise an ExpressionError for what is no part of an expression."""
    match node:
        case ast.Constant(value=int() | float() | str()):
            return
        case ast.Attribute(value=ast.Name(id=name), attr=fact):
            on_fact(name, fact)
        case ast.Subscript(value=ast.Attribute() | ast.Subscript() as fact, slice=ast.Constant(value=int())):
            _walk(fact, on_fact)
        case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
            _walk(operand, on_fact)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            _walk(left, on_fact), _walk(right, on_fact)
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in OPERATORS for op in ops):
            for part in (left, *others):
                _walk(part, on_fact)
        case ast.BoolOp(values=parts):
            for part in parts:
                _walk(part, on_fact)
        case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]) if name in FUNCTIONS and parts:
            for part in parts:
                _walk(part, on_fact)
        case _:
            raise ExpressionError(
                f'"{ast.unparse(node)}" is not understood: use numbers, facts such as run.iterations, '
                f"+ - * /, comparisons, and, or, not, {', '.join(FUNCTIONS)}"
            )


# --- Evaluating it ----------------------------------------------------------------------------------------------------


def _value(tree: ast.expr, text: str, names: Mapping[str, Callable[[str], object]]):
    _walk(tree, lambda *_: None)  # from here on only what is understood
    try:
        return _of(tree, names)
    except (KeyError, IndexError) as error:
        raise ExpressionError(f'"{text}" names {error.args[0]!r}, which is not there') from error
    except (TypeError, ZeroDivisionError) as error:
        raise ExpressionError(f'"{text}" cannot be computed: {error}') from error


def _of(node: ast.expr, names):
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Attribute(value=ast.Name(id=name), attr=fact):
            return names[name](fact)
        case ast.Subscript(value=fact, slice=ast.Constant(value=place)):
            return _of(fact, names)[place]
        case ast.UnaryOp(op=op, operand=operand):
            return OPERATORS[type(op)](_of(operand, names))
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](_of(left, names), _of(right, names))
        case ast.Compare(left=left, ops=ops, comparators=others):
            values = [_of(part, names) for part in (left, *others)]
            steps = zip(ops, values, values[1:], strict=False)
            return all(OPERATORS[type(op)](one, other) for op, one, other in steps)
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_of(part, names) for part in parts)
        case ast.BoolOp(values=parts):
            return any(_of(part, names) for part in parts)
        case ast.Call(func=ast.Name(id=name), args=parts):
            return FUNCTIONS[name](*(_of(part, names) for part in parts))
