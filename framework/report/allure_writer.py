"""Allure's files as the farm writes them, in the place of allure-pytest's own logger.

That one fails at half a surrogate pair, as handsets may send, and the test is then missing from the report; it takes
names of files as they come, and writes whatever a test has printed. What it writes is otherwise the same.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import allure_commons
import attr
from allure_commons.logger import AllureFileLogger

from framework.redaction.redactor import REMEMBERED, SHORT, TEXT_SUFFIXES, Redactor
from framework.report.legible import legible, shortened

IDS = frozenset(("uuid", "historyId", "testCaseId", "status", "stage", "type", "mode", "children"))
"""Fields that are never text of someone else's."""
TEST = "testId"
"""Label: pytest's node id, which nothing else in a result tells for certain. It stays as it is."""
NOBODY = "none"
"""Thread of a test that no handset ran: allure-pytest's own would be another lane in each run."""
LONGEST = {"name": 500, "fullName": 1000, "url": 2000, "value": 4000, "message": 20_000, "trace": 200_000}
LONGEST_TEXT = 100_000
"""Characters of a text by its field: beyond, nobody reads it there, and pages break."""
_SAFE_NAME = re.compile(r"[A-Za-z0-9-]{1,60}\.[A-Za-z0-9]{1,10}")


class ResultWriter:
    """Plugin of allure-commons that writes into `folder`."""

    def __init__(self, folder: Path, redactor: Redactor | None = None) -> None:
        self._folder, self._redactor = folder, redactor or Redactor(active=False)
        self._place = str(folder)
        """As text: ten thousand results have a hundred thousand files, and a path costs more than its file's name."""
        self._plain: set[str] = set()
        self._known = self._redactor.known
        folder.mkdir(parents=True, exist_ok=True)

    @allure_commons.hookimpl
    def report_result(self, result: Any) -> None:
        self._item(result, "result")

    @allure_commons.hookimpl
    def report_container(self, container: Any) -> None:
        self._item(container, "container")

    @allure_commons.hookimpl
    def report_globals(self, globals_item: Any) -> None:
        self._item(globals_item, "globals")

    @allure_commons.hookimpl
    def report_attached_file(self, source: str, file_name: str) -> None:
        if file_name.rpartition(".")[2] in TEXT_SUFFIXES:
            self.report_attached_data(Path(source).read_bytes(), file_name)
        else:
            shutil.copy2(source, self._folder / _safe(file_name))

    @allure_commons.hookimpl
    def report_attached_data(self, body: str | bytes, file_name: str) -> None:
        content = body.encode("utf-8", "replace") if isinstance(body, str) else body
        if file_name.rpartition(".")[2] in TEXT_SUFFIXES:
            content = self._redactor.content(content)
        self.attach(file_name, content)

    def attach(self, file_name: str, content: bytes) -> None:
        """As it is. Nothing names an attachment before the result does that is written, whole, after it."""
        _write(f"{self._place}/{_safe(file_name)}", content)

    def _item(self, item: Any, kind: str) -> None:
        """Whole or not at all: reports may be made while the run goes on."""
        # with each handset that becomes known there is a number more that may stand nowhere
        if self._known is not self._redactor.known:
            self._plain, self._known = set(), self._redactor.known
        content = json.dumps(plain(item, self._clean), ensure_ascii=False).encode("utf-8", "replace")
        name = f"{self._place}/{uuid4()}-{kind}.json"
        _write(f"{name}.tmp", content)
        os.replace(f"{name}.tmp", name)  # noqa: PTH105  # see _place

    def _clean(self, text: str, field: str) -> str:
        """Names and statuses come again with each result: what may stand as it is, is remembered."""
        if text in self._plain:
            return text
        clean = legible(self._redactor.text(text))
        most = LONGEST.get(field, LONGEST_TEXT)
        clean = clean if len(clean) <= most else shortened(clean, most)
        if clean == text and len(text) < SHORT:
            self._remember(text)
        return clean

    def _remember(self, text: str) -> None:
        if len(self._plain) >= REMEMBERED:
            self._plain = set()
        self._plain.add(text)


def _write(name: str, content: bytes) -> None:
    with open(name, "wb", buffering=0) as stream:
        stream.write(content)


def take_over(redactor: Redactor) -> tuple[ResultWriter | None, Callable[[], None]]:
    """Write in the place of allure-pytest's logger, where there is one, until the second that is given is called."""
    manager = allure_commons.plugin_manager
    logger = next((each for each in manager.get_plugins() if type(each) is AllureFileLogger), None)
    if logger is None:
        return None, lambda: None
    writer = ResultWriter(logger._report_dir, redactor)
    manager.unregister(logger)
    manager.register(writer)

    def give_back() -> None:
        manager.unregister(writer)
        manager.register(logger)  # allure-pytest unregisters it at its own end

    return writer, give_back


def plain(item: Any, clean: Callable[[str, str], str]) -> dict[str, Any]:
    """A record of allure's model as JSON data, without what is empty; texts by `clean(text, field)`."""
    found: dict[str, Any] = {}
    for name, value in vars(item).items():
        if value or value is False:
            found[name] = value if name in IDS else _value(value, name, clean)
    if "source" in found:
        found["source"] = _safe(item.source)
    elif found.get("name") == TEST and "value" in found:
        found["value"] = item.value
    return found


def _value(value: Any, field: str, clean: Callable[[str, str], str]) -> Any:
    kind: Any = type(value)
    if kind is str:
        return clean(value, field)
    if kind is list or kind is tuple:
        return [_value(each, field, clean) for each in value]
    if _is_record(kind):
        return plain(value, clean)
    return clean(value, field) if isinstance(value, str) else value


@cache
def _is_record(kind: Any) -> bool:
    return bool(attr.has(kind))


def _safe(file_name: str) -> str:
    """A name that stays in the folder, whatever was asked for."""
    if _SAFE_NAME.fullmatch(file_name):
        return file_name
    stem, _, suffix = file_name.rpartition(".")
    kept = re.sub(r"[^A-Za-z0-9]+", "", suffix)[:10] or "bin"
    return f"{re.sub(r'[^A-Za-z0-9-]+', '-', stem)[:60].strip('-') or 'attachment'}.{kept}"
