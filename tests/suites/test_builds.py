"""The demonstration builds."""

from __future__ import annotations

import hashlib
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from framework.contract.build import BuildSpec
from framework.contract.yaml_file import load
from framework.formats.apk import read_apk
from framework.formats.demonstration import Demonstration
from framework.formats.gguf import read_header
from framework.formats.gguf_model import describe

BUILDS = Path(__file__).parents[2] / "suites" / "builds"
LAYERS = {"compact": 24, "compact-next": 30}


@pytest.fixture(scope="module", params=LAYERS)
def room(request: pytest.FixtureRequest) -> Path:
    return BUILDS / str(request.param)


@pytest.fixture(scope="module")
def spec(room: Path) -> BuildSpec:
    return load(room / "build.yaml", BuildSpec)


@pytest.fixture(scope="module")
def weights(spec: BuildSpec, generated: Path) -> Path:
    (only,) = spec.weights
    return generated / Path(only.source).name


@pytest.fixture(scope="module")
def generated(room: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the script wrote to, run as a user runs it."""
    folder = tmp_path_factory.mktemp(room.name)
    script = [sys.executable, str(room / "generate.py"), "--out", str(folder)]
    printed = subprocess.run(script, capture_output=True, text=True, timeout=60, check=True).stdout
    told = {path: sha256 for sha256, path in (line.split("  ", 1) for line in printed.splitlines())}
    assert told == {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    return folder


def test_the_generated_files_are_the_pinned_ones(spec: BuildSpec, generated: Path) -> None:
    """Name and sha256 of each file are those of build.yaml: reproducible byte for byte."""
    pinned = {Path(artifact.file or "").name: artifact.sha256 for artifact in (spec.apk, *spec.weights)}
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in generated.iterdir()} == pinned


def test_the_weights_are_small_and_declare_the_model_of_the_build(spec: BuildSpec, weights: Path) -> None:
    """At most 16 MB on disk; name, parameters, quantization and the bytes of the full model declared."""
    assert weights.stat().st_size <= 16_000_000
    model = describe(read_header(weights))
    assert (model.name, model.parameters, model.quantization) == (
        spec.model.name, spec.model.parameters, spec.model.quantization,
    )  # fmt: skip
    assert model.scaled
    assert model.name == f"Compact {model.parameters / 1e9:.1f}B"
    assert model.weight_bytes == pytest.approx(model.parameters * 34 / 32, rel=0.001)


def test_the_apk_is_that_of_the_build(spec: BuildSpec, generated: Path) -> None:
    """Package, version, activity, and the actions that build.yaml talks to it with."""
    info = read_apk(generated / "assistant.apk")
    assert (info.package, info.version_name) == (spec.package, spec.version)
    activity = info.activity(spec.activity)
    assert activity is not None
    assert activity.exported
    assert spec.text.intent is not None
    assert spec.voice is not None
    assert spec.start.reset is not None
    spoken_to = {spec.text.intent.action, spec.voice.listen.action, spec.start.reset.action}
    assert spoken_to <= set(activity.actions)
    assert spec.emulated


def test_the_next_build_is_an_update_that_leaks_and_reads_a_fifth_more_for_each_token() -> None:
    """Same package, newer version, a leak that its manifest declares, and 30 layers of weights instead of 24."""
    old, new = (read_demonstration(name) for name in LAYERS)
    assert (new.version_code, new.retained_kb_per_token) == (old.version_code + 1, 250)
    assert old.retained_kb_per_token == 0
    assert new.model.weight_bytes / old.model.weight_bytes == pytest.approx(1.22, abs=0.01)


def read_demonstration(name: str) -> Demonstration:
    found = runpy.run_path(str(BUILDS / name / "generate.py"))
    (only,) = (each for each in found.values() if isinstance(each, Demonstration))
    return only


@pytest.mark.foreign
def test_gguf_of_pip_reads_the_weights(spec: BuildSpec, room: Path, weights: Path) -> None:
    """ggml's own reader finds every tensor and can dequantize the first: finite numbers within ±0.5."""
    gguf = pytest.importorskip("gguf", reason="pip's gguf is not installed")
    reader = gguf.GGUFReader(weights)
    assert reader.fields["general.name"].contents() == spec.model.name
    assert len(reader.tensors) == 2 + LAYERS[room.name] * 9
    numbers = gguf.dequantize(reader.tensors[0].data, reader.tensors[0].tensor_type)
    assert float(abs(numbers).max()) <= 0.5


@pytest.mark.foreign
@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["aapt2", "dump", "badging"], "launchable-activity: name='org.pocketfarm.assistant.ConversationActivity'"),
        (["apksigner", "verify", "--verbose"], "Verified using v2 scheme (APK Signature Scheme v2): true"),
    ],
    ids=["aapt2", "apksigner"],
)
def test_the_android_tools_accept_the_apk(generated: Path, argv: list[str], expected: str) -> None:
    """aapt2 reads the manifest, apksigner verifies the signature."""
    if shutil.which(argv[0]) is None:
        pytest.skip(f"{argv[0]} is not installed")
    command = [*argv, str(generated / "assistant.apk")]
    assert expected in subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
