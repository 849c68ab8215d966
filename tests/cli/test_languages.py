"""`ecoop i18n`: the catalogue in step with the sentences."""

from pathlib import Path

import pytest

from ecoop.cli import languages
from ecoop.language.catalogue import compile_catalogues
from tests.cli.conftest import Run

CODE = """
from ecoop.config import SettingsError
from ecoop.language import gettext as _, mark, ngettext
WORDS = {"a": mark("Marked")}
def say(count):
    raise SettingsError("Set %(name)s.", name=_("Spoken " "in two parts"))
    ngettext("%(count)s roof", "%(count)s roofs", count)
"""
PAGE = '<h1>{{ _("On a page") }}</h1>{{ ngettext("%(count)s page", "%(count)s pages", count) }}'
LETTER = 'Subject: {{ _("In a letter") }}\n'


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small checkout of its own; gives its Dutch catalogue, which is not there yet."""
    package, templates = tmp_path / "ecoop", tmp_path / "templates"
    for folder in (package, templates / "mail"):
        folder.mkdir(parents=True)
    (package / "code.py").write_text(CODE, encoding="utf-8")
    (templates / "page.html").write_text(PAGE, encoding="utf-8")
    (templates / "mail" / "letter.txt").write_text(LETTER, encoding="utf-8")
    file = package / "translations" / "nl" / "LC_MESSAGES" / "ecoop.po"
    monkeypatch.setattr(languages, "PACKAGE", package)
    monkeypatch.setattr(languages, "TEMPLATES", templates)
    monkeypatch.setattr(languages, "DUTCH", file)
    return file


def _translate(catalogue: Path, sentence: str, translation: str) -> None:
    text = catalogue.read_text(encoding="utf-8")
    asked = f'msgid "{sentence}"\nmsgstr ""'
    assert asked in text
    catalogue.write_text(text.replace(asked, asked[:-1] + translation + '"'), encoding="utf-8")


def test_sentences_of_code_pages_and_letters_are_found(run: Run, catalogue: Path) -> None:
    answer = run("i18n", "update")

    assert answer.stdout == "7 sentences, of which 7 are not translated yet.\n"
    text = catalogue.read_text(encoding="utf-8")
    for sentence in ("Marked", "Spoken in two parts", "Set %(name)s.", "On a page", "In a letter"):
        assert f'msgid "{sentence}"' in text
    assert 'msgid_plural "%(count)s roofs"' in text


def test_the_catalogue_names_no_days_and_no_places(run: Run, catalogue: Path) -> None:
    run("i18n", "update")

    text = catalogue.read_text(encoding="utf-8")
    assert "Date" not in text
    assert "code.py" not in text


def test_translations_stay_and_new_sentences_are_not_guessed(run: Run, catalogue: Path) -> None:
    run("i18n", "update")
    _translate(catalogue, "On a page", "Op een pagina")
    languages.TEMPLATES.joinpath("page.html").write_text(PAGE + '{{ _("On a paper") }}', encoding="utf-8")

    run("i18n", "update")

    text = catalogue.read_text(encoding="utf-8")
    assert 'msgid "On a page"\nmsgstr "Op een pagina"' in text
    assert 'msgid "On a paper"\nmsgstr ""' in text
    assert "fuzzy" not in text


def test_updating_twice_changes_nothing(run: Run, catalogue: Path) -> None:
    run("i18n", "update")
    first = catalogue.read_text(encoding="utf-8")

    run("i18n", "update")

    assert catalogue.read_text(encoding="utf-8") == first


def test_checking_lists_what_is_out_of_step_and_changes_nothing(run: Run, catalogue: Path) -> None:
    run("i18n", "update")
    _translate(catalogue, "Marked", "Gemerkt")
    before = catalogue.read_text(encoding="utf-8")
    languages.TEMPLATES.joinpath("page.html").write_text('{{ _("New") }}', encoding="utf-8")

    answer = run("i18n", "update", "--check")

    assert answer.exit_code == 1
    told = answer.stdout.splitlines()
    assert "missing: New" in told
    assert "not translated: Spoken in two parts" in told
    assert "obsolete: On a page" in told
    assert not any("Marked" in line for line in told)
    assert catalogue.read_text(encoding="utf-8") == before


def test_checking_is_silent_when_all_is_in_step(run: Run, catalogue: Path) -> None:
    for file in (languages.PACKAGE / "code.py", languages.TEMPLATES / "page.html"):
        file.write_text("", encoding="utf-8")
    run("i18n", "update")
    _translate(catalogue, "In a letter", "In een brief")

    answer = run("i18n", "update", "--check")

    assert (answer.exit_code, answer.output) == (0, "")


def test_without_templates_it_says_that_a_checkout_is_needed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "TEMPLATES", tmp_path / "nowhere")

    answer = run("i18n", "update")

    assert answer.exit_code == 1
    assert "in a checkout only" in answer.stderr


def test_compiling_writes_what_the_program_reads(run: Run, catalogue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("i18n", "update")
    monkeypatch.setattr(languages, "CATALOGUES", languages.PACKAGE / "translations")

    answer = run("i18n", "compile")

    assert answer.exit_code == 0
    assert catalogue.with_suffix(".mo").is_file()


def test_a_translation_nobody_checked_is_not_compiled(tmp_path: Path) -> None:
    file = tmp_path / "nl.po"
    file.write_text(languages.HEADER + '#, fuzzy\nmsgid "Roof"\nmsgstr "Vloer"\n', encoding="utf-8")

    with pytest.raises(ValueError, match="unchecked"):
        compile_catalogues(tmp_path)
