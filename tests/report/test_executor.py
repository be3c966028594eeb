from __future__ import annotations

import json
from pathlib import Path

import pytest

from framework.report.allure_files import write_executor
from framework.report.executor import executor

GITHUB = {
    "GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/assistant",
    "GITHUB_RUN_ID": "991", "GITHUB_RUN_NUMBER": "57", "GITHUB_RUN_ATTEMPT": "2", "GITHUB_WORKFLOW": "fleet",
}  # fmt: skip
GITLAB = {
    "GITLAB_CI": "true", "CI_PROJECT_URL": "https://gitlab.com/acme/assistant", "CI_PIPELINE_IID": "57",
    "CI_JOB_NAME": "fleet", "CI_JOB_ID": "12", "CI_JOB_URL": "https://gitlab.com/acme/assistant/-/jobs/12",
}  # fmt: skip
JENKINS = {
    "JENKINS_URL": "http://ci.lab/", "JOB_NAME": "fleet", "BUILD_NUMBER": "57", "BUILD_URL": "javascript:alert(1)",
}  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        (
            GITHUB,
            {
                "name": "GitHub Actions", "type": "github", "url": "https://github.com/acme/assistant",
                "buildName": "fleet #57 (attempt 2)", "buildOrder": 57,
                "buildUrl": "https://github.com/acme/assistant/actions/runs/991/attempts/2",
            },
        ),
        (
            GITLAB,
            {
                "name": "GitLab CI", "type": "gitlab", "url": "https://gitlab.com/acme/assistant",
                "buildName": "fleet #57", "buildOrder": 57, "buildUrl": "https://gitlab.com/acme/assistant/-/jobs/12",
            },
        ),
        (JENKINS, {"name": "Jenkins", "type": "jenkins", "buildName": "fleet #57", "buildOrder": 57}),
        ({}, {"name": "local", "type": "local", "buildName": "2026-run", "buildOrder": 1000}),
    ],
)  # fmt: skip
def test_the_build_server_is_told(environment: dict[str, str], told: dict[str, object], tmp_path: Path) -> None:
    """By its own variables; without any the run's folder is the build. No address but https."""
    assert executor(environment, "2026-run", 1000.5) == told
    write_executor(tmp_path, "2026-run", 1000.5, environment)
    assert json.loads((tmp_path / "executor.json").read_text()) == told


def test_what_a_server_does_not_tell_is_left_out() -> None:
    """An old runner, or a variable that somebody has set by hand."""
    assert executor({"GITHUB_ACTIONS": "1"}, "r", 1.0) == {
        "name": "GitHub Actions",
        "type": "github",
        "buildName": "run #",
    }
