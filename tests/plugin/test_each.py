"""`--each`: whole runs of the matrix, as users start them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Project

DEVICES = """
defaults: {speed: 40}
handsets:
  - {name: fold, kind: virtual, profile: xiaomi-mix-fold-3}
  - {name: ten, kind: virtual, profile: xiaomi-10}
  - {name: twin, kind: virtual, profile: xiaomi-10}
"""
AWAY = "  - {name: away, kind: tcp, address: '127.0.0.1:1', capabilities: {model: Pixel 8}}\n"
"""Nothing listens on port 1."""
FOLDS = 'scenario: folds\nneeds: {foldable: true}\nsteps:\n  - {text: "What is 1 + 1?", via: intent}\n'
THIN = """
import pytest

@pytest.mark.parametrize("status", [7])
def test_thin(handset, status):
    assert handset.shell.script(f"exit {status}").exit == status

def test_pure(): pass
"""
FOLD = "Xiaomi MIX Fold 3"


@pytest.fixture
def matrix(project: Project) -> Project:
    project.write("devices.yaml", DEVICES)
    project.scenario("sum")
    project.scenario("folds", FOLDS)
    project.write("suites/test_thin.py", THIN)
    return project


def collected(project: Project, *arguments: str) -> list[str]:
    out = project.run("suites", "--collect-only", "-q", *arguments).out
    return sorted(line.rpartition("::")[2] for line in out.splitlines() if "::" in line)


def parameters(result: dict[str, Any]) -> dict[str, str]:
    return {parameter["name"]: parameter["value"] for parameter in result.get("parameters", ())}


def opened_from_the_release_page(project: Project, out: str) -> set[str]:
    """SCENARIO/HANDSET of every trace page that the page named in the summary opens."""
    (page,) = re.findall(r"^release +(\S+)$", out, re.MULTILINE)
    place = project.folder / page
    links = set(re.findall(r'href="([^"#]+/trace\.html)"', place.read_text(encoding="utf-8")))
    assert all((place.parent / link).is_file() for link in links)
    return {"/".join(link.split("/")[2:4]) for link in links}


def test_what_is_collected(matrix: Project) -> None:
    """Ids carry the model; -k takes it as words or as one, in any case, or the name of a handset of it."""
    thin = [f"test_thin[7-{model}]" for model in ("Mi 10", FOLD)]
    each = [f"{name}[{model}]" for name in ("folds", "sum") for model in ("Mi 10", FOLD)]
    assert collected(matrix, "--each", "model") == sorted([*each, *thin, "test_pure"])
    of_ten = ["folds[Mi 10]", "sum[Mi 10]", "test_thin[7-Mi 10]"]
    assert collected(matrix, "--each", "model", "-k", "mi-10 and not fold-3") == of_ten
    assert collected(matrix, "--each", "model", "-k", "twin") == of_ten
    twin = ["sum[Mi 10, twin]", "test_thin[7-Mi 10, twin]"]
    assert collected(matrix, "--each", "handset", "-k", "Mi and 10 and twin and not folds") == twin


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "worker"])
def test_every_model_runs_every_test(matrix: Project, workers: tuple[str, ...]) -> None:
    """Also where one worker has one handset after the other; in Allure each model stands for itself.

    What a model cannot run is NOT_RUN there, with the reason; so is what only a handset that is away could run, which
    is the lab's fault. A test in Python that uses no handset runs once.
    """
    matrix.write("devices.yaml", DEVICES + AWAY)
    chosen = [word for name in ("fold", "ten", "away") for word in ("--handset", name)]
    run = matrix.run("suites", "--each", "model", *chosen, *workers)
    assert (run.exit, "4 NOT_RUN, 6 PASS" in run.out or "6 PASS, 4 NOT_RUN" in run.out) == (6, True), run.out
    assert opened_from_the_release_page(matrix, run.out) == {"suites-sum/fold", "suites-sum/ten", "suites-folds/fold"}
    _, _, told = run.out.partition(" not run ")
    assert "no Mi 10 can run it: the nearest, ten, lacks foldable\n    suites/folds.yaml::folds[Mi 10]\n" in told
    results = {result["name"]: result for result in matrix.results()}
    assert {name: parameters(result).get("model") for name, result in results.items()} == {
        "test_pure": None,
        **{f"{name}[{model}]": model for name in ("folds", "sum") for model in ("Mi 10", FOLD, "Pixel 8")},
        **{f"test_thin[7-{model}]": model for model in ("Mi 10", FOLD, "Pixel 8")},
    }
    assert parameters(results[f"sum[{FOLD}]"]) == {"model": FOLD, "build": "compact 1.0.0", "handset": "fold"}
    assert len({result["historyId"] for result in results.values()}) == 10
    assert results["folds[Mi 10]"]["statusDetails"]["message"].startswith("NOT_RUN: no Mi 10 can run it")
    concluded = {record["id"]: record for record in matrix.journal() if record["kind"] == "Concluded"}
    assert concluded["suites/folds.yaml::folds[Mi 10]"]["reasons"] == [
        "no Mi 10 can run it: the nearest, ten, lacks foldable"
    ]
