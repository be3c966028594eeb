"""The compact build on a virtual handset, over the real wire."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from framework.contract.capabilities import Handset, Target
from framework.deploy import Build, deploy, load_build, read_receipt, undeploy
from framework.deploy.receipt import RECEIPT
from framework.handset.handset import open_handset
from framework.virtual.endpoints import VirtualRequest
from framework.virtual.launcher import virtual_handsets

COMPACT = Path(__file__).parents[2] / "suites" / "builds" / "compact"
SPEED = 20.0


@pytest.fixture(scope="module")
def handset() -> Iterator[Handset]:
    with virtual_handsets([VirtualRequest("bench", "xiaomi-13", seed=1, speed=SPEED)]) as handsets:
        target = Target("bench", adbd=handsets.endpoint("bench").adb)
        with open_handset(target) as opened:
            yield opened


@pytest.fixture
def build() -> Build:
    return load_build(COMPACT)


def test_the_build_arrives_whole_and_a_second_time_nothing_moves(handset: Handset, build: Build) -> None:
    """Package and weights are there as pinned; the receipt on the handset is that of the deployment."""
    first = deploy(build, handset)
    (weights,) = build.spec.weights
    assert handset.files.sha256(weights.to) == weights.sha256
    info = handset.packages.info(build.spec.package)
    assert info is not None
    assert (info.version_name, info.code_path) == ("1.0.0", first.apk.code_path)
    assert read_receipt(handset.files) == first
    second = deploy(build, handset)
    assert second.skipped == (build.spec.apk.source, weights.source)
    assert (second.apk, second.weights) == (first.apk, first.weights)


def test_weights_that_changed_on_the_handset_are_replaced(handset: Handset, build: Build) -> None:
    """By whomever: the same size, but not the same bytes."""
    placed = deploy(build, handset).weights[0]
    (weights,) = build.spec.weights
    handset.files.push(bytes(placed.size), weights.to)
    assert deploy(build, handset).skipped == (build.spec.apk.source,)
    assert handset.files.sha256(weights.to) == weights.sha256


def test_an_app_that_was_installed_again_is_not_taken_for_ours(handset: Handset, build: Build) -> None:
    """The same APK by another hand lies at another place: it is installed anew."""
    deploy(build, handset)
    handset.packages.install(COMPACT / "out" / "assistant.apk")
    assert deploy(build, handset).skipped == (build.spec.weights[0].source,)


def test_undeploying_takes_everything_away(handset: Handset, build: Build) -> None:
    """Neither package nor weights nor receipt is left."""
    deploy(build, handset)
    undeploy(build, handset)
    assert handset.packages.info(build.spec.package) is None
    assert [handset.files.stat(path) for path in (build.spec.weights[0].to, RECEIPT)] == [None, None]
