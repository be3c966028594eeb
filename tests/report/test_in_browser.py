"""The reports in a real Chromium: the release page, Allure 3 and its classic interface, of made-up units that the
farm's own observers were told of: a fault of the build, an attempt that the lab has lost, hostile text in all places.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.request import urlopen

import pytest
from hostile import ALL, HOSTILE
from support.browser import PHONE, Browser, chromium, waited
from support.told_plugin import write_told
from support.told_runs import GOOD, NEXT, Story, failed, handsets, log_of, lost, story

from framework.contract.account import figures_of
from framework.contract.errors import UsageError
from framework.journal.account import read_account
from framework.report.html.build import Order, build_allure
from framework.report.html.finding import Allure, find_allure
from framework.report.html.serving import served
from framework.report.release.page import write_release_page

pytestmark = pytest.mark.foreign

TWIN, RETRIED, LEAKING, TOGETHER = "xiaomi-12-b", "Weather", "A long talk", "All together"
SIDEWAYS = "const page = document.documentElement; return page.scrollWidth - page.clientWidth"
OVER = """const wide = document.documentElement.clientWidth;
    return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > wide + 1 &&
        !e.closest('[class*=scroll], svg, table')).map(e => e.outerHTML.slice(0, 200)).slice(0, 5)"""
INTERFACES = ("awesome", "classic")


@dataclass(frozen=True)
class Report:
    """A run's folder with its pages, and the address under which its parent is served."""

    folder: Path
    address: str

    @property
    def page(self) -> str:
        return f"{self.address}/{self.folder.name}/release.html"

    def allure(self, interface: str, place: str = "") -> str:
        return f"{self.address}/{self.folder.name}/allure/{interface}/index.html{place and f'#{place}'}"

    def test(self, interface: str, name: str, status: str) -> str:
        """Allure's own id of the only result of that name and status."""
        (found,) = (one for one, said in self.results(interface).items() if said == (name, status))
        return found

    def results(self, interface: str) -> dict[str, tuple[str, str]]:
        """Allure's own id of a result → its name and status; of attempts that were retried, too."""
        places = {"awesome": "test-results", "classic": "test-cases"}
        found = (self.folder / "allure" / interface / "data" / places[interface]).glob("*.json")
        read = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in found}
        return {one: (result["name"], result["status"]) for one, result in read.items()}


@pytest.fixture(scope="module")
def allure() -> Allure:
    try:
        return find_allure(3)
    except UsageError as error:
        pytest.skip(f"no Allure 3: {error}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        with chromium() as browser:
            yield browser
    except LookupError as error:
        pytest.skip(str(error))


def two_builds(build: str) -> list[Story]:
    """Two scenarios on five models; the candidate fails one on all, and an attempt at the other was lost."""
    told = []
    for handset in handsets():
        weather = story(RETRIED, "suites/text/weather.yaml", handset, NEXT if build == "next" else GOOD)
        talk = story(LEAKING, "suites/memory/talk.yaml", handset, NEXT if build == "next" else GOOD)
        if build == "next":
            talk = failed(talk, "budget rss_mb max: expected at most 2100 MB, found 2344 MB")
            if handset.name == "xiaomi-12":
                told.append(lost(weather, replace(handset, name=TWIN), "its cable fell out"))
        told += [weather, talk]
    return told


def hostile() -> list[Story]:
    """Each text as the name of a scenario, handset and model, and in replies, reasons and logs."""
    told = []
    for number, text in enumerate(HOSTILE.values()):
        name = text.encode("utf-8", "replace").decode()  # YAML and adb bring no half of a surrogate pair
        handset = replace(handsets()[number % 5], name=name, model=name)
        made = story(name, f"suites/hostile/s{number}.yaml", handset, reply=text)
        (one,) = made.repetitions
        logged = replace(one, evidence=(log_of(one.turns, text), *one.evidence[1:]))
        told.append(failed(replace(made, repetitions=(logged,)), text))
    return [*told, story(TOGETHER, "suites/hostile/together.yaml", handsets()[0], reply=ALL)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports")


@pytest.fixture(scope="module")
def reports(folder: Path) -> Iterator[str]:
    with served(folder) as address:
        yield address


@pytest.fixture(scope="module")
def compared(folder: Path, reports: str, allure: Allure) -> Report:
    """The candidate's run, with the report that compares it with the build before."""
    before = read_account(write_told(folder / "good", two_builds("good")))
    made = write_told(folder / "next", two_builds("next"))
    account = read_account(made)
    write_release_page(account, figures_of(before), made / "release.html", run_folder=made)
    build_allure(Order(made, account.head, made / "allure"), allure)
    return Report(made, reports)


@pytest.fixture(scope="module")
def hostile_report(folder: Path, reports: str, allure: Allure) -> Report:
    made = write_told(folder / "hostile", hostile())
    account = read_account(made)
    write_release_page(account, figures_of(account), made / "release.html", run_folder=made)
    build_allure(Order(made, account.head, made / "allure"), allure)
    return Report(made, reports)


# -- the release page ------------------------------------------------------------------------------------------------


def test_the_release_page_opens_and_is_drawn_at_once(browser: Browser, compared: Report) -> None:
    """In less than two seconds, without a word in the console, as a file as well."""
    for address in (compared.page, (compared.folder / "release.html").as_uri()):
        assert browser.drawn_s(address) < 2
        assert browser.complaints() == []
    assert browser.run("return document.body.innerText.includes('1.1.0-rc1')")


def test_each_trace_is_one_click_away(browser: Browser, compared: Report) -> None:
    """Every link of the page into the run's folder opens, one for each test at least, and one click shows a trace."""
    browser.open(compared.page)
    links = browser.run("return [...document.querySelectorAll('a[href*=\"trace.html\"]')].map(e => e.href)")
    assert len(set(links)) >= 10
    for link in sorted(set(links)):
        with urlopen(link, timeout=10) as page:
            assert (page.status, b"<svg" in page.read()) == (200, True)
    browser.open(links[0])
    assert browser.run("return document.querySelectorAll('svg').length") > 0
    assert browser.complaints() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_has_to_be_pushed_sideways(
    browser: Browser, compared: Report, hostile_report: Report, scheme: str
) -> None:
    """390 pixels wide, with usual text and with hostile text."""
    with browser.as_(PHONE, scheme):
        for report in (compared, hostile_report):
            browser.open(report.page)
            assert (browser.run(SIDEWAYS), browser.run("return innerWidth")) == (0, PHONE[0]), browser.run(OVER)


# -- Allure ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("interface", INTERFACES)
def test_allure_shows_the_models_apart(browser: Browser, compared: Report, interface: str) -> None:
    """Ten tests, five of each scenario, of which the lost attempt is none."""
    browser.open(compared.allure(interface))
    if interface == "awesome":
        shown = browser.until("return document.querySelector('[data-testid=metadata-item-total]')?.innerText")
        assert shown.split() == ["Total", "10"]
        retried = browser.run("return document.querySelector('[data-testid=metadata-item-retries]').innerText")
        assert retried.split()[-1] == "1"
    else:
        assert browser.until("return document.querySelector('.splash__title')?.innerText").strip() == "10"
    assert browser.complaints() == []


@pytest.mark.parametrize("interface", INTERFACES)
def test_the_timeline_has_a_lane_for_each_handset(browser: Browser, compared: Report, interface: str) -> None:
    """The five and the twin, whatever model a retry belongs to."""
    browser.open(compared.allure(interface))
    browser.open(compared.allure(interface, "timeline"))
    if interface == "awesome":
        segments = "return [...document.querySelectorAll('[data-testid=timeline-segment]')]"
    else:
        segments = "return [...document.querySelectorAll('.timeline__chart_svg a rect, .timeline__item')]"
    lanes = f"const found = (() => {{ {segments} }})(); const at = new Set(found.map(e => Math.round("
    lanes += "e.getBoundingClientRect().top))); return found.length >= 11 && [found.length, at.size]"
    assert browser.until(lanes) == [11, 6]
    assert browser.complaints() == []


@pytest.mark.parametrize("interface", INTERFACES)
def test_a_lost_attempt_stays_visible(browser: Browser, compared: Report, interface: str) -> None:
    """The test that passed on a retry lists the attempt before it, with its reason."""
    one = compared.test(interface, f"{RETRIED}[Xiaomi 12]", "passed")
    browser.open(compared.allure(interface))
    browser.open(compared.allure(interface, one if interface == "awesome" else f"testresult/{one}/retries"))
    tab = "document.querySelector('[data-testid=test-result-tab-retries]')?.click(); "
    shown = "return document.body.innerText.includes('its cable fell out')"
    browser.until((tab if interface == "awesome" else "") + shown)
    assert browser.complaints() == []


@pytest.mark.parametrize("interface", INTERFACES)
def test_trace_pages_show_and_sounds_play(browser: Browser, compared: Report, interface: str) -> None:
    """Within the report: the pictures are drawn at full height, and the reply's sound goes on and ends."""
    one = compared.test(interface, f"{LEAKING}[Mi 10]", "failed")
    browser.open(compared.allure(interface))
    browser.open(compared.allure(interface, one if interface == "awesome" else f"testresult/{one}"))
    browser.until(OPEN[interface], "listen")
    browser.until_somewhere("const a = document.querySelector('audio'); if (a) a.play(); return !!a")
    played = "const a = document.querySelector('audio'); return a?.ended && [a.error, a.readyState, a.currentTime]"
    error, ready, seconds = browser.until_somewhere(played)
    assert (error, ready, round(seconds, 1)) == (None, 4, 0.5)
    browser.until(OPEN[interface], "trace")
    drawn = """const widths = [...document.querySelectorAll('svg')].map(e => e.getBoundingClientRect().width);
        return window !== top && widths.filter(each => each > 300).length"""
    assert browser.until_somewhere(drawn) >= 4
    browser.until("return [...document.querySelectorAll('iframe')].some(e => e.clientHeight > 1000)")
    assert browser.complaints() == []


OPEN = {
    "awesome": """const rows = [...document.querySelectorAll('[data-testid=test-result-attachment]')];
        const row = rows.find(e => e.querySelector('button')?.innerText.split('\\n').includes(arguments[0]));
        const closed = [...document.querySelectorAll('[data-testid=test-result-step]')].filter(e =>
            !e.querySelector('[data-testid=test-result-attachment], [data-testid=test-result-step] ~ *'));
        if (row) row.querySelector('button').click();
        else closed.forEach(e => e.querySelector('[data-testid=test-result-step-arrow-button]')?.click());
        return !!row""",
    "classic": """const rows = [...document.querySelectorAll('.attachment-row')];
        const row = rows.find(e => e.querySelector('.attachment-row__name')?.innerText.trim() == arguments[0]);
        if (row) (row.querySelector('.attachment-row__label') ?? row).click();
        return !!row""",
}
"""Opens the attachment of that name; in Allure 3 steps have to be opened first."""


# -- hostile text ----------------------------------------------------------------------------------------------------


def ran(browser: Browser) -> int:
    """In how many frames a script of the text has run."""
    return sum(browser.everywhere("return window.hostile !== undefined"))


def test_hostile_text_stays_text_in_the_release_page(browser: Browser, hostile_report: Report) -> None:
    """No script of it runs, nothing is hidden or brought in by it, also in the trace pages."""
    browser.open(hostile_report.page)
    assert browser.complaints() == []
    assert ran(browser) == 0
    assert browser.run("return [document.title.length > 0, getComputedStyle(document.body).display]") == [True, "block"]
    assert browser.run("return document.querySelectorAll('iframe, base, object, embed, form').length") == 0
    assert "<script>window.hostile=1</script>" in browser.run("return document.body.textContent")
    for page in sorted(hostile_report.folder.glob("units/**/*.html"))[::9]:
        browser.open(f"{hostile_report.address}/{page.relative_to(hostile_report.folder.parent)}")
        assert (ran(browser), browser.run(SIDEWAYS), browser.complaints()) == (0, 0, [])


@pytest.mark.parametrize("interface", INTERFACES)
def test_hostile_text_stays_text_in_allure(browser: Browser, hostile_report: Report, interface: str) -> None:
    """The lists with all names, each test's page, and its pages within: nothing runs, and nothing is moved aside."""
    browser.open(hostile_report.allure(interface))
    lists = {"awesome": ("", "timeline", "categories"), "classic": ("behaviors", "suites", "categories", "timeline")}
    for place in lists[interface]:
        browser.open(hostile_report.allure(interface, place))
        browser.until("return document.body.innerText.trim().length > 20")
        assert (ran(browser), browser.run(SIDEWAYS), browser.complaints()) == (0, 0, []), place
    ids = hostile_report.results(interface)
    assert len(ids) == len(hostile())
    for one in ids:
        browser.run("location.hash = arguments[0]", one if interface == "awesome" else f"testresult/{one}")
        browser.until(SHOWN[interface], one)
        assert (browser.run("return window.hostile"), browser.run(SIDEWAYS)) == (None, 0), ids[one]
    together = next(one for one, (name, _) in ids.items() if name.startswith(TOGETHER))
    browser.open(hostile_report.allure(interface, together if interface == "awesome" else f"testresult/{together}"))
    for frames, page in enumerate(("listen", "transcript", "trace"), start=2):
        browser.until(OPEN[interface], page)
        whole = "return document.readyState == 'complete' && (window === top || !!document.body.children.length)"
        waited(lambda: sum(browser.everywhere(whole)) >= frames, f"{page} is not shown")  # noqa: B023
        assert (ran(browser), browser.run(SIDEWAYS)) == (0, 0), page
    assert browser.complaints() == []


SHOWN = {
    "awesome": "return document.querySelector('[data-testid=test-result-info-title]') && location.hash.includes("
    "arguments[0]) && !!document.querySelector('[data-testid=test-result-attachment]')",
    "classic": "return location.hash.includes(arguments[0]) && !!document.querySelector('.attachment-row')",
}
"""Whether the page of a result is shown."""
