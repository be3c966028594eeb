"""Whether a build's files are what build.yaml says, and whether a handset can take them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from framework.contract.capabilities import Handset
from framework.contract.errors import AssistantError
from framework.contract.record import nearest
from framework.deploy.build import Build
from framework.deploy.fetch import BuildFiles
from framework.formats.apk import ApkInfo, read_apk
from framework.formats.errors import FormatError
from framework.formats.gguf import GgufHeader, read_header
from framework.formats.gguf_model import DECLARED_WEIGHT_BYTES, SCALED
from framework.formats.gguf_types import MAGIC

_PARAMETER_TOLERANCE: Final = 0.05
_PHONE_NEEDS: Final = (
    "a phone needs a build.yaml of its own (--build) with an APK that holds the assistant's code and with real weights"
)


@dataclass(frozen=True, slots=True)
class Declared:
    """What the weights say: whether they only declare the full model, and its bytes (None: they lie in the APK)."""

    scaled: bool
    weight_bytes: int | None


def check_kind(build: Build, handset: Handset) -> None:
    """A demonstration has no code, so that a phone could do nothing with it: a UsageError says what it needs."""
    if build.spec.emulated and not handset.identity.emulated:
        message = f"a demonstration that only virtual handsets take, and {handset.identity.name} is none"
        raise build.fault(f"{message}; {_PHONE_NEEDS}", "emulated")


def check(build: Build, files: BuildFiles, handset: Handset) -> Declared:
    """What the weights say, once the files prove to be the build's and fit the handset.

    UsageError where build.yaml is wrong; AssistantError where the files are broken or do not support the handset.
    """
    apk = _read(build, files.apk)
    _check_names(build, apk)
    _check_handset(build, apk, handset)
    headers = [_read_weights(build, path) for path in files.weights]
    if len(headers) == 1 and headers[0] is not None:
        _check_model(build, headers[0])
    scaled = any(header is not None and header.metadata.get(SCALED) is True for header in headers)
    sizes = [_weight_bytes(path, header) for path, header in zip(files.weights, headers, strict=True)]
    return Declared(scaled, sum(sizes) if sizes else None)


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


def _weight_bytes(path: Path, header: GgufHeader | None) -> int:
    """Of the full model's tensors; a file of another format is taken as a whole."""
    if header is None:
        return path.stat().st_size
    declared = header.metadata.get(DECLARED_WEIGHT_BYTES)
    return declared if isinstance(declared, int) else sum(tensor.size for tensor in header.tensors)


def _read_weights(build: Build, path: Path) -> GgufHeader | None:
    """The header of a GGUF file; of any other, none."""
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            return None
    try:
        return read_header(path)
    except FormatError as error:
        raise AssistantError(build.spec.label, f"its weights are damaged: {error}") from error


def _check_model(build: Build, header: GgufHeader) -> None:
    """The sole weights must be of the model that build.yaml names: reports and the roofline go by it."""
    declared, stated = header.metadata.get("general.parameter_count"), build.spec.model.parameters
    if isinstance(declared, int) and abs(declared - stated) > _PARAMETER_TOLERANCE * stated:
        source = build.spec.weights[0].source
        raise build.fault(f"{source} has {declared} parameters, not {stated:.0f}", "model", "parameters")
