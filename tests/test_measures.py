"""How large a module and a function may grow before they are parted."""

import ast

from tests.harness.program import ROOT

MODULE, FUNCTION = 300, 40  # lines
SOURCES = {path.relative_to(ROOT): path.read_text() for path in sorted((ROOT / "feedsvc").rglob("*.py"))}


def test_no_module_is_longer_than_can_be_read_at_once() -> None:
    assert [str(path) for path, text in SOURCES.items() if text.count("\n") > MODULE] == []


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path}: {node.name}"
        for path, text in SOURCES.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= FUNCTION
    ]
    assert long == []
