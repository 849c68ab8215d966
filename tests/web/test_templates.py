"""Templates: each compiles, each is used, and none holds what nobody asks for."""

import re
from pathlib import Path

import pytest
from jinja2 import StrictUndefined, nodes

from ecoop import mail
from ecoop.app import find_templates
from tests.web.addresses import bare_app

FOLDER = find_templates()
PAGES = sorted(file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*.html"))
LETTERS = sorted(file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*.txt"))
CODE = "\n".join(file.read_text("utf-8") for file in Path(mail.__file__).parent.rglob("*.py"))
ALL = {name: (FOLDER / name).read_text("utf-8") for name in PAGES + LETTERS}
TREES = {name: bare_app().jinja_env.parse(text) for name, text in ALL.items()}


def test_what_is_undefined_is_a_fault() -> None:
    assert bare_app().jinja_env.undefined is StrictUndefined
    assert mail._environment().undefined is StrictUndefined


@pytest.mark.parametrize("name", PAGES)
def test_a_page_compiles_and_is_escaped(name: str) -> None:
    environment = bare_app().jinja_env

    environment.get_template(name)
    assert environment.autoescape(name) if callable(environment.autoescape) else environment.autoescape


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_compiles(name: str) -> None:
    mail._environment().get_template(name.removeprefix("mail/"))


def test_there_is_nothing_else_in_the_folder() -> None:
    assert {file.suffix for file in FOLDER.rglob("*") if file.is_file()} == {".html", ".txt", ".typ"}


def _named_in_templates() -> set[str]:
    return {
        node.template.value
        for tree in TREES.values()
        for node in tree.find_all((nodes.Extends, nodes.FromImport, nodes.Import, nodes.Include))
        if isinstance(node.template, nodes.Const)
    }


@pytest.mark.parametrize("name", PAGES)
def test_a_template_is_used(name: str) -> None:
    assert name in _named_in_templates() or f'"{name}"' in CODE


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_used(name: str) -> None:
    assert f'"{Path(name).stem}"' in CODE


@pytest.mark.parametrize("name", sorted(set(re.findall(r'render_template\(\s*"([^"]+)"', CODE))))
def test_a_template_that_is_asked_for_is_there(name: str) -> None:
    assert name in PAGES


MACROS = [(name, macro.name) for name, tree in TREES.items() for macro in tree.find_all(nodes.Macro)]


@pytest.mark.parametrize(("name", "macro"), MACROS)
def test_a_macro_is_used(name: str, macro: str) -> None:
    called = {
        call.node.name
        for tree in TREES.values()
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
    }

    assert macro in called


@pytest.mark.parametrize("name", PAGES)
def test_what_a_template_imports_it_uses(name: str) -> None:
    imported = {one for node in TREES[name].find_all(nodes.FromImport) for one in node.names}
    used = {node.name for node in TREES[name].find_all(nodes.Name) if node.ctx == "load"}

    assert {one if isinstance(one, str) else one[1] for one in imported} <= used


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_marked_safe_in_a_template(name: str) -> None:
    assert not [one for one in TREES[name].find_all(nodes.Filter) if one.name == "safe"]
    assert "autoescape" not in ALL[name]


@pytest.mark.parametrize("name", [name for name in PAGES if "/_" not in f"/{name}"])
def test_every_page_stands_in_the_layout(name: str) -> None:
    extends = [
        one.template.value for one in TREES[name].find_all(nodes.Extends) if isinstance(one.template, nodes.Const)
    ]

    assert extends == ["_layout.html"]


ICONS = sorted(set(re.findall(r'icon\("([a-z0-9-]+)"', "\n".join(ALL.values()))))


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_that_is_named_is_there(name: str) -> None:
    from ecoop.web.assets import icon

    assert "<svg" in icon(name)
