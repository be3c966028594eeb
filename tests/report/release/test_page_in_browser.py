"""What one does with the release page in a real Chromium, at the size of ten thousand results."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.browser import DESKTOP, PHONE, Browser, chromium
from support.made_runs import OLD, Recipe, made

from framework.contract.account import figures_of
from framework.contract.verdict import Verdict
from framework.report.release.page import write_release_page

pytestmark = pytest.mark.foreign

FIVE = ("Mi 10", "Mi 11", "Xiaomi 12", "Xiaomi 13", "Xiaomi MIX Fold 3")
ROWS = "[...document.querySelectorAll('#cells tbody tr')]"
SEEN = f"return {ROWS}.filter(row => row.getClientRects().length).length"
TYPE = """const field = document.getElementById('words');
    field.value = arguments[0]; field.dispatchEvent(new Event('input'))"""
CLICK = "document.querySelector(`label[for=${arguments[0]}]`).click()"
PAPER = "return getComputedStyle(document.querySelector('.page')).backgroundColor"
TITLE = "return document.querySelector('h2').innerText"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        with chromium() as browser:
            yield browser
    except LookupError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """2000 scenarios on five models, 50 failures, and slower on one model than the baseline."""
    folder = tmp_path_factory.mktemp("run")
    recipe = Recipe(
        scenarios=2000, models=FIVE, turns=1, slow=lambda model, _: 1.3 if model == "Mi 10" else 1.0,
        verdict=lambda model, scenario: Verdict.FAIL if (model, scenario % 40) == ("Mi 11", 7) else Verdict.PASS,
    )  # fmt: skip
    before = figures_of(made(Recipe(build=OLD, scenarios=2000, models=FIVE, turns=1)))
    write_release_page(made(recipe), before, folder / "release.html", run_folder=folder)
    return (folder / "release.html").as_uri()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_ten_thousand_results_are_drawn_within_two_seconds(browser: Browser, page: str, size: tuple[int, int]) -> None:
    """Without a word in the console, and nothing has to be pushed sideways."""
    with browser.as_(size, "light"):
        assert browser.drawn_s(page) < 2
        assert browser.complaints() == []
        assert browser.run("return [document.documentElement.scrollWidth, innerWidth]") == [size[0], size[0]]


def test_the_matrix_is_filtered(browser: Browser, page: str) -> None:
    """By words and by what did not pass; folded rows are found, and folded again."""
    browser.open(page)
    folded = browser.run(SEEN)
    browser.run(TYPE, "scenario 1999")
    browser.until(f"{SEEN} == 1")
    browser.run(TYPE, "")
    browser.run(CLICK, "bad")
    browser.until(f"{SEEN} == 50")
    browser.run(CLICK, "all")
    browser.until(f"{SEEN} == {folded}")
    assert browser.run(f"return {ROWS}.length") == 2000


def test_language_and_theme_change_at_once_and_stay(browser: Browser, page: str) -> None:
    """Also when the page is opened again, and whatever the machine prefers."""
    browser.open(page)
    light = browser.run(PAPER)
    for choice in ("zh", "dark"):
        browser.run(CLICK, choice)
    for _ in range(2):
        assert browser.run(TITLE).startswith("有何变化")
        assert browser.run("return document.documentElement.lang") == "zh"
        assert browser.run(PAPER) != light
        browser.open(page)
    for choice in ("en", "auto"):
        browser.run(CLICK, choice)
    assert (browser.run(TITLE).startswith("What changed"), browser.run(PAPER)) == (True, light)


def test_everything_can_be_read_without_scripts(browser: Browser, page: str) -> None:
    """In one language at a time, and both can be chosen."""
    driver = browser.driver
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        driver.get("about:blank")
        driver.get(page)
        assert driver.find_element("css selector", "h2").text.startswith("What changed")
        driver.find_element("css selector", "label[for=zh]").click()
        assert driver.find_element("css selector", "h2").text.startswith("有何变化")
        assert not driver.find_element("id", "words").is_displayed()
        fold = driver.find_element("css selector", "#cells details")
        fold.find_element("css selector", "summary").click()
        assert fold.find_element("css selector", "tbody tr").is_displayed()
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
