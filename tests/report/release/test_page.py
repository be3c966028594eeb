"""The release page as text: what it shows, what it never lets in, how large it becomes."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hostile import HOSTILE, NEVER, Markup, runs
from support.made_runs import NEW, OLD, Recipe, again, made, run_of

from framework.contract.account import RunAccount, TestAccount, figures_of
from framework.contract.verdict import Verdict
from framework.report.release.hrefs import Hrefs
from framework.report.release.page import LARGEST, release_page, write_release_page
from framework.report.release.words import LANGUAGES

FIVE = ("Mi 10", "Mi 11", "Xiaomi 12", "Xiaomi 13", "Xiaomi MIX Fold 3")


class Everywhere(Hrefs):
    """Every repetition has its page."""

    def _is_there(self, place: object) -> bool:
        return True


def page_of(run: RunAccount, before: RunAccount | None = None) -> str:
    return release_page(run, figures_of(before) if before else None, Everywhere(Path("/nowhere")))


def ids(page: str) -> list[str]:
    return re.findall(r'<section id="(\w+)">', page)


def test_a_page_without_a_baseline_says_so_and_shows_everything_else() -> None:
    """Nothing is compared, and nothing breaks."""
    page = page_of(made())
    assert "no baseline to compare with" in page
    assert ids(page) == ["changes", "matrix", "spread", "courses", "notrun", "lab", "read"]


@pytest.mark.parametrize(
    "run",
    [
        run_of(()),
        made(Recipe(scenarios=1, models=("Mi 10",))),
        made(Recipe(verdict=lambda model, scenario: Verdict.NOT_RUN)),
        run_of([TestAccount("t.py::a[x]", "a", "t.py", Verdict.PASS), TestAccount("t.py::b", "", "", Verdict.FAIL)]),
        replace(made(), head=replace(made().head, finished=False), lab=("LAB after t: cable",)),
        made(Recipe(models=())),
    ],
    ids=["no test", "one test", "nothing ran", "Python only", "unfinished", "no model"],
)  # fmt: skip
def test_odd_runs_have_a_page(run: RunAccount) -> None:
    """Compared with a whole one, with themselves, and with none."""
    for before in (None, run, made(Recipe(build=OLD))):
        assert {"changes", "matrix", "spread", "courses", "notrun", "lab", "read"} <= set(ids(page_of(run, before)))


def test_every_cell_opens_its_trace_page() -> None:
    """A link for each test and model, of what passed as well."""
    run = made()
    page = page_of(run)
    folders = {test.units[0].repetitions[0].folder for test in run.tests}
    assert {f"{folder}/trace.html" for folder in folders} == set(re.findall(r'class="c P" href="([^"]+)"', page))


def test_an_attempt_that_was_lost_stands_in_the_cell_that_passed() -> None:
    """With a link to its evidence."""
    first, *others = made().tests
    page = page_of(run_of([again(first, Verdict.INVALID, "late emulator"), *others]))
    lost = f"{first.units[0].repetitions[0].folder[:-1]}0/trace.html"
    assert re.search(rf'<a class="re" href="{re.escape(lost)}" title="late emulator">↻ INVALID</a>', page)


def test_links_lead_into_the_folder_of_the_run_wherever_the_page_lies(tmp_path: Path) -> None:
    """Beside it as well as within; a folder that leads out, or that is not there, is no link."""
    run = made(Recipe(scenarios=2, models=("Mi 10",)))
    folder = tmp_path / "runs of today" / "run #1"
    trace = folder / run.tests[0].units[0].repetitions[0].folder / "trace.html"
    trace.parent.mkdir(parents=True)
    trace.touch()
    above = folder.parent / "release.html"
    write_release_page(run, None, folder / "release.html", above, run_folder=folder)
    inside = trace.relative_to(folder).as_posix()
    assert set(re.findall(r'href="([^#"][^"]*)"', (folder / "release.html").read_text())) == {inside}
    assert set(re.findall(r'href="([^#"][^"]*)"', above.read_text())) == {f"run%20%231/{inside}"}
    for place in ("../units/x", "/etc", "units/../../x", "elsewhere/x", ""):
        assert Everywhere(folder).of(place) == ""


def test_only_its_own_script_may_run() -> None:
    """The policy allows nothing from anywhere, and of scripts the one whose hash it names."""
    page = page_of(made())
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    policy = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)[0].replace("&#39;", "'")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'", "style-src 'unsafe-inline'", "img-src data:", f"script-src 'sha256-{digest}'",
        "base-uri 'none'", "form-action 'none'",
    ]  # fmt: skip
    assert re.findall(r"(?:https?:|src=|@import|url\()", page) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_text_of_others_stays_text(name: str) -> None:
    """As title, file, reason, model, handset, build, rule and argument: the same elements as of harmless words."""
    page, harmless = Markup(page_of(spoilt(HOSTILE[name]))), Markup(page_of(spoilt("harmless")))
    assert page.elements == harmless.elements
    assert page.marks == harmless.marks
    assert [address for address in page.addresses if runs(address)] == []


def spoilt(text: str) -> RunAccount:
    run = made(Recipe(scenarios=2, models=("Mi 10",), title=lambda scenario: f"{text} {scenario}", reason=text,
                      verdict=lambda model, scenario: (Verdict.FAIL, Verdict.PASS)[scenario]))  # fmt: skip
    failed, passed = run.tests
    handset = next(iter(run.handsets.values()))
    build = replace(run.head.build, name=text, model=text, package=text, hashes={text: text})
    head = replace(run.head, name=text, build=build, arguments=(text,), version=text, finished=False)
    named = replace(handset, name=text, model=text, soc=text)
    unit = replace(failed.units[0], handset=text, model=text)
    lost = again(replace(failed, units=(unit,), model=text, handset=text), Verdict.LAB, text)
    not_run = TestAccount(f"{text}::{text}", text, text, Verdict.NOT_RUN, (text,))
    return replace(run, head=head, handsets={text: named}, tests=(lost, passed, not_run), lab=(text,))


def test_no_element_is_brought_in() -> None:
    """Of those that could load or run anything there are the page's own: a policy, a view port, one script."""
    page = page_of(spoilt("harmless"))
    found = {name: len(re.findall(rf"<{name}\b", page)) for name in NEVER}
    assert {name: count for name, count in found.items() if count} == {"script": 1, "meta": 4}


def test_serial_numbers_and_phone_numbers_are_not_shown() -> None:
    """Wherever they stand; unless asked otherwise they stay out."""
    run = made(Recipe(models=("Mi 10",), reason="SERIAL400 called +84 912 345 678", verdict=lambda m, s: Verdict.FAIL))
    run = replace(run, handsets={one.name: replace(one, serial="SERIAL400") for one in run.handsets.values()})
    assert re.findall("SERIAL400|912 345 678", page_of(run)) == []
    assert "SERIAL400" in release_page(run, None, Everywhere(Path()), redact=False)


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.FAIL])
def test_ten_thousand_results_stay_small(verdict: Verdict) -> None:
    """Below 3 MB, with a link for every cell and names of usual length."""
    recipe = Recipe(
        scenarios=2000, models=FIVE, turns=1, verdict=lambda model, scenario: verdict,
        title=lambda scenario: f"A scenario with a name of usual length, number {scenario}",
    )  # fmt: skip
    page = page_of(made(recipe))
    assert len(page.encode()) <= LARGEST < 3_000_000
    assert len(re.findall(r'<a class="c [PF]"', page)) == 10_000


def test_what_has_no_room_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that would be too large shows less, down to the gravest rows, and says what it leaves out."""
    recipe = Recipe(scenarios=400, models=("Mi 10",), turns=1, title=lambda scenario: f"{scenario} " + "天气" * 80)
    run = made(replace(recipe, verdict=lambda model, scenario: Verdict.FAIL if scenario == 399 else Verdict.PASS))
    whole = page_of(run)
    monkeypatch.setattr("framework.report.release.page.LARGEST", 120_000)
    page = page_of(run)
    assert len(page.encode()) <= 120_000 < len(whole.encode())
    assert ("340 scenarios are not listed" in page, "for want of room" in whole) == (True, False)
    assert '<b class="FAIL">FAIL</b>' in page


def test_one_scenario_alone_is_a_finding() -> None:
    """Where nothing else is worse, the page does not say that nothing is."""
    alone = Recipe(slow=lambda model, scenario: 1.6 if (model, scenario) == ("Mi 11", 4) else 1.0)
    page = page_of(made(alone), made(Recipe(build=OLD)))
    said = re.sub(r"<[^>]+>", "", page)
    assert "First token is slower in one scenario alone on 1 model, most in “Scenario 4” on Mi 11 (+60 %)." in said
    assert "Nothing measured is noticeably worse" not in said
    assert "Nothing measured is noticeably worse" in re.sub(r"<[^>]+>", "", page_of(made(), made(Recipe(build=OLD))))


def test_the_longest_recording_is_drawn_over_time() -> None:
    """One a model, folded unless it is long; what is invalid or doubted is left out."""
    run = made(Recipe(scenarios=3, turns=100))
    page = page_of(run)
    (part,) = re.findall(r'<details class="more" open>.*?</details>', page, re.DOTALL)
    assert re.findall(r"<small>([\d:]+) ·", part) == ["3:20"] * 3
    assert part.count('class="w curve"') == 6
    assert '<details class="more" open>' not in page_of(made())


def test_both_languages_are_in_one_page(tmp_path: Path) -> None:
    """It opens in the one that was asked for; the other one needs no script."""
    out = tmp_path / "release.html"
    for language in LANGUAGES:
        write_release_page(made(), None, out, run_folder=tmp_path, language=language)
        page = out.read_text()
        assert re.findall(r'name="language" id="(\w+)"[^>]* checked', page) == [language]
        assert page.count('class="en"') == page.count('class="zh"') > 100


def test_the_page_of_two_builds_shows_both_faults_where_they_are() -> None:
    """Slower on one model, leaking on another: told in the summary, and in the cells of those models only."""
    slow = {"Mi 10": 1.5}
    run = made(Recipe(slow=lambda model, _: slow.get(model, 1.0), leak_mb=lambda model: 30.0 * (model == "Xiaomi 13")))
    page = page_of(run, made(Recipe(build=OLD)))
    said = re.findall(r'<li class="(worse|better|same)"><a href="#[^"]+"><span class="en" lang="en">(.*?)</span>', page)
    plain = [(kind, re.sub(r"<[^>]+>", "", sentence)) for kind, sentence in said]
    assert ("worse", "First token is slower on Mi 10 only (+50 %).") in plain
    assert ("worse", "Memory (RSS) is larger on Xiaomi 13 only (+21 %).") in plain
    assert [sentence.partition(":")[0] for _, sentence in plain if "with use" in sentence] == [
        "Memory (RSS) grows with use on 1 of 3 models, most on Xiaomi 13"
    ]
    assert NEW.label in page
    assert OLD.label in page
