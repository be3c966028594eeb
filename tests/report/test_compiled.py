"""Templates are compiled once a user, and pages are the same whatever has become of what was kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from framework.report.compiled import compiled_templates

Page = Callable[..., tuple[str, int]]


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    """Shows `1 + 1` by a new environment: the page, and how often it has compiled."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    def shown(source: str = "{{ 1 + 1 }}", options: str = "x") -> tuple[str, int]:
        compiled = []

        class Counting(Environment):
            def _generate(self, *arguments: object, **more: object) -> str:
                compiled.append(arguments)
                return super()._generate(*arguments, **more)  # type: ignore[arg-type]

        made = Counting(loader=DictLoader({"a": source}), bytecode_cache=compiled_templates(options))
        return made.get_template("a").render(), len(compiled)

    return shown


def test_once(page: Page) -> None:
    """The next process takes what the first has compiled; another source or other options are compiled anew."""
    assert [page(), page(), page("{{ 1 + 2 }}"), page(options="y")] == [("2", 1), ("2", 0), ("3", 1), ("2", 1)]


def test_spoilt(page: Page, tmp_path: Path) -> None:
    """What was cut off on its way to the disk, or is a folder, is made anew."""
    page()
    (kept,) = (tmp_path / "pocketfarm" / "templates").iterdir()
    kept.write_bytes(kept.read_bytes()[:40])
    assert page() == ("2", 1)
    kept.unlink()
    kept.mkdir()
    assert page() == ("2", 1)


def test_others_may_write_there(page: Page, tmp_path: Path) -> None:
    """Nothing is run that another user may have put there, and nothing is left there."""
    page()
    folder = tmp_path / "pocketfarm" / "templates"
    folder.chmod(0o777)
    assert [page(), page()] == [("2", 1), ("2", 1)]


def test_no_folder(page: Page, tmp_path: Path) -> None:
    """Where none can be made, pages are made all the same."""
    (tmp_path / "pocketfarm").write_text("in the way")
    assert page() == ("2", 1)
