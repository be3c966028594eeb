"""Reading profiles strictly."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from framework.virtual.profiles import load_profile
from framework.virtual.profiles.record import Profile


def data() -> dict[str, Any]:
    return load_profile("xiaomi-mix-fold-3").model_dump()


def test_a_profile_survives_its_own_data() -> None:
    """What was read can be written and read again."""
    assert Profile.model_validate(data()) == load_profile("xiaomi-mix-fold-3")


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("soc", "bandwith_gbs"), 67, "soc.bandwith_gbs"),
        (("soc", "maker_factor"), 1.2, "soc.maker_factor"),
        (("battery", "capacity_mah"), "much", "battery.capacity_mah"),
        (("thermal", "heat_j_per_k", "die"), 0, "thermal.heat_j_per_k.die"),
    ],
)
def test_faults_are_found_where_they_are(path: tuple[str, ...], value: object, where: str) -> None:
    """An unknown key, a value out of range, a wrong type."""
    wrong = data()
    place = wrong
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(ValidationError) as fault:
        Profile.model_validate(wrong)
    assert [".".join(map(str, each["loc"])) for each in fault.value.errors()] == [where]


def test_a_posture_needs_its_display() -> None:
    """A state cannot show on a panel that is not there."""
    wrong = data()
    wrong["postures"][0]["display"] = 5
    with pytest.raises(ValidationError, match="CLOSED shows on display 5"):
        Profile.model_validate(wrong)


def test_cpus_are_found_in_their_clusters() -> None:
    """Numbers go on from cluster to cluster."""
    soc = load_profile("xiaomi-13").soc
    assert [soc.clusters.index(soc.cluster_of(cpu)) for cpu in range(8)] == [0, 0, 0, 1, 1, 1, 1, 2]
    assert [soc.first_cpu(cluster) for cluster in soc.clusters] == [0, 3, 7]
    with pytest.raises(IndexError):
        soc.cluster_of(8)


def test_fingerprints_have_androids_form() -> None:
    """brand/product/device:release/id/incremental:type/tags."""
    profile = load_profile("xiaomi-10")
    assert profile.build.fingerprint(profile.identity) == (
        "Xiaomi/umi/umi:12/SKQ1.211006.001/V13.0.10.0.SJBCNXM:user/release-keys"
    )
