"""The handsets that can be emulated: one YAML file of facts each, read strictly."""

from __future__ import annotations

from importlib import resources

import yaml
from pydantic import ValidationError

from framework.contract.errors import Problem, UsageError
from framework.virtual.profiles.record import Profile


def load_profile(name: str) -> Profile:
    """The profile of that name; UsageError for an unknown one or a fault in its file."""
    source = resources.files(__package__).joinpath(f"{name}.yaml")
    if not source.is_file():
        raise UsageError(Problem("no such profile", key=name))
    try:
        return Profile.model_validate({"name": name, **yaml.safe_load(source.read_text("utf-8"))})
    except ValidationError as fault:
        raise UsageError(*(_problem(source.name, error["loc"], error["msg"]) for error in fault.errors())) from None


def _problem(file: str, where: tuple[int | str, ...], message: str) -> Problem:
    return Problem(message, file=file, key=".".join(str(part) for part in where))
