"""Whether a build's files are what build.yaml says, and whether a handset can take them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from framework.contract.capabilities import Handset
from framework.contract.errors import AssistantError
from framework.contract.record import nearest
from framework.deploy.build import Build
from framework.deploy.fetch import BuildFiles
from framework.formats.apk import ApkInfo, read_apk
from framework.formats.errors import FormatError
from framework.formats.gguf import read_header
from framework.formats.gguf_model import SCALED
from framework.formats.gguf_types import MAGIC

_PARAMETER_TOLERANCE: Final = 0.05
_PHONE_NEEDS: Final = (
    "a phone needs a build.yaml of its own (--build) with an APK that holds the assistant's code and with real weights"
)


def check_kind(build: Build, handset: Handset) -> None:
    """A demonstration has no code, so that a phone could do nothing with it: a UsageError says what it needs."""
    if build.spec.emulated and not handset.identity.emulated:
        message = f"a demonstration that only virtual handsets take, and {handset.identity.name} is none"
        raise build.fault(f"{message}; {_PHONE_NEEDS}", "emulated")


def check(build: Build, files: BuildFiles, handset: Handset) -> None:
    """Whether the files are the build's and fit the handset.

    UsageError where build.yaml is wrong; AssistantError where the files are broken or do not support the handset.
    """
    apk = _read(build, files.apk)
    _check_names(build, apk)
    _check_handset(build, apk, handset)
    for number, path in enumerate(files.weights):
        _check_weights(build, number, path)


def is_scaled(files: BuildFiles) -> bool:
    """Whether any of the weights only declare the full model."""
    return any(_is_gguf(path) and read_header(path).metadata.get(SCALED) is True for path in files.weights)


def _read(build: Build, path: Path) -> ApkInfo:
    try:
        return read_apk(path)
    except FormatError as error:
        raise AssistantError(build.spec.label, f"its APK is damaged: {error}") from error


def _check_names(build: Build, apk: ApkInfo) -> None:
    spec = build.spec
    if apk.package != spec.package:
        raise build.fault(f"the APK is of the package {apk.package}, not {spec.package}", "package")
    if apk.activity(spec.activity) is None:
        names = [activity.name for activity in apk.activities]
        short = [name.removeprefix(apk.package) for name in names]
        near = nearest(spec.activity, short + names) or apk.main_activity
        raise build.fault(f"the APK has no activity {spec.activity}", "activity", suggestion=near)


def _check_handset(build: Build, apk: ApkInfo, handset: Handset) -> None:
    identity = handset.identity
    if apk.min_sdk > identity.sdk:
        what = f"it needs Android SDK {apk.min_sdk}, {identity.name} has {identity.sdk}"
        raise AssistantError(build.spec.label, what)
    if apk.native_abis:
        offered = handset.shell.run("getprop", "ro.product.cpu.abilist", check=True).text.split(",")
        if not set(offered) & set(apk.native_abis):
            theirs, ours = ", ".join(apk.native_abis), ", ".join(offered)
            raise AssistantError(build.spec.label, f"its libraries are for {theirs}; {identity.name} runs {ours}")


def _check_weights(build: Build, number: int, path: Path) -> None:
    """A damaged GGUF file is the build's fault; a sole one must be the model that build.yaml names."""
    if not _is_gguf(path):
        return
    try:
        declared = read_header(path).metadata.get("general.parameter_count")
    except FormatError as error:
        raise AssistantError(build.spec.label, f"its weights are damaged: {error}") from error
    stated = build.spec.model.parameters
    if len(build.spec.weights) > 1 or not isinstance(declared, int):
        return
    if abs(declared - stated) > _PARAMETER_TOLERANCE * stated:
        artifact = build.spec.weights[number].source
        raise build.fault(f"{artifact} has {declared} parameters, not {stated:.0f}", "model", "parameters")


def _is_gguf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC
