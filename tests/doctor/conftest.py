"""Answers of handsets that are made up, and recordings of virtual ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from framework.contract.capabilities import Target
from framework.contract.handsets import PROFILES
from framework.doctor import bundle
from framework.doctor.answers import Answer, Answers
from framework.doctor.ask import ask
from framework.doctor.questions import ALL, HOST_SIDE
from framework.handset.own_server import own_server
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

MakeAnswers = Callable[..., Answers]


@pytest.fixture
def make_answers() -> MakeAnswers:
    """Answers by the name of their question; `properties` and `settings` as mappings."""

    def make(
        properties: Mapping[str, str] | None = None, settings: Mapping[str, str] | None = None, **texts: str
    ) -> Answers:
        if properties is not None:
            texts["getprop"] = "".join(f"[{name}]: [{value}]\n" for name, value in properties.items())
        if settings is not None:
            texts["settings"] = "".join(f"{name}={value}\n" for name, value in settings.items())
        return Answers({name: Answer(0, text) for name, text in texts.items()})

    return make


@pytest.fixture(scope="session")
def virtual_targets() -> Iterator[Mapping[str, Target]]:
    """One running handset of every profile."""
    requests = [VirtualRequest(profile, profile) for profile in PROFILES]
    with virtual_handsets(requests) as started:
        yield {each.name: Target(each.name, adbd=each.adb) for each in started.endpoints()}


@pytest.fixture(scope="session")
def recorded(
    virtual_targets: Mapping[str, Target], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[Answers, Path]]:
    """Of a profile: what its handset answered, and the bundle that was made of it; asked once."""
    folder = tmp_path_factory.mktemp("bundles")
    made: dict[str, tuple[Answers, Path]] = {}

    def record(profile: str) -> tuple[Answers, Path]:
        if profile not in made:
            target, path = virtual_targets[profile], folder / f"{profile}.zip"
            answers = ask(target, [question for question in ALL if question.name not in HOST_SIDE])
            bundle.write(path, target, answers)
            made[profile] = (answers, path)
        return made[profile]

    return record


@pytest.fixture(scope="session")
def adb_server_address(bundled_adb: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """HOST:PORT of a real adb server of our own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        with own_server(bundled_adb, usb=False) as address:
            yield address
