"""Who has run it: a build server, as its environment variables tell, or a person's own machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Environment = Mapping[str, str]


def executor(environment: Environment, run: str, began_at: float) -> dict[str, Any]:
    """`executor.json` of Allure: name, type, build and its address. `run` names the run's folder; seconds since 1970.

    Addresses are https only: a report is not to lead people to a page that others can change on its way.
    """
    for variable, described in SERVERS:
        if environment.get(variable):
            told = described(environment)
            return {name: value for name, value in told.items() if value and _is_told(name, value)}
    return {"name": "local", "type": "local", "buildName": run, "buildOrder": int(began_at)}


def _is_told(name: str, value: Any) -> bool:
    return not name.lower().endswith("url") or str(value).startswith("https://")


def _github(environment: Environment) -> dict[str, Any]:
    """GITHUB_ACTIONS; a run that is tried again has the same number and a page of its own."""
    server = environment.get("GITHUB_SERVER_URL", "https://github.com")
    repository, run = environment.get("GITHUB_REPOSITORY", ""), environment.get("GITHUB_RUN_ID", "")
    attempt = environment.get("GITHUB_RUN_ATTEMPT", "1")
    number = environment.get("GITHUB_RUN_NUMBER", "")
    again = f" (attempt {attempt})" if attempt != "1" else ""
    page = f"{server}/{repository}/actions/runs/{run}/attempts/{attempt}" if repository and run else ""
    return {
        "name": "GitHub Actions",
        "type": "github",
        "url": f"{server}/{repository}" if repository else "",
        "buildName": f"{environment.get('GITHUB_WORKFLOW', 'run')} #{number}{again}",
        "buildOrder": _number(number),
        "buildUrl": page,
    }


def _gitlab(environment: Environment) -> dict[str, Any]:
    number = environment.get("CI_PIPELINE_IID", "")
    return {
        "name": "GitLab CI",
        "type": "gitlab",
        "url": environment.get("CI_PROJECT_URL", ""),
        "buildName": f"{environment.get('CI_JOB_NAME', 'job')} #{number or environment.get('CI_JOB_ID', '')}",
        "buildOrder": _number(number),
        "buildUrl": environment.get("CI_JOB_URL") or environment.get("CI_PIPELINE_URL", ""),
    }


def _jenkins(environment: Environment) -> dict[str, Any]:
    number = environment.get("BUILD_NUMBER", "")
    return {
        "name": "Jenkins",
        "type": "jenkins",
        "url": environment.get("JENKINS_URL", ""),
        "buildName": f"{environment.get('JOB_NAME', 'job')} #{number}",
        "buildOrder": _number(number),
        "buildUrl": environment.get("BUILD_URL", ""),
    }


def _number(word: str) -> int | None:
    return int(word) if word.isdecimal() else None


SERVERS: tuple[tuple[str, Callable[[Environment], dict[str, Any]]], ...] = (
    ("GITHUB_ACTIONS", _github),
    ("GITLAB_CI", _gitlab),
    ("JENKINS_URL", _jenkins),
)
"""The variable that each sets on the machines that it runs on."""
