"""Who a handset will be, as far as its entry in `devices.yaml` says, without asking it."""

from __future__ import annotations

import math

from framework.contract.handsets import AvdHandset, Handset
from framework.contract.needs import POSTURES
from framework.contract.run import HandsetIdentity
from framework.handset.stated import merged


def expected_identity(handset: Handset) -> HandsetIdentity:
    """Of one that is not virtual: what is stated under `capabilities`; of all else nothing is known.

    A foldable is expected to take every posture, where no others are stated; what has postures folds.
    """
    stated = handset.capabilities.model_dump(exclude_none=True)
    postures = stated.pop("fold_states", None)
    foldable = bool(stated.pop("foldable", postures))
    silent = HandsetIdentity(
        name=handset.name,
        serial="",
        manufacturer="",
        model="",
        soc="",
        android="",
        sdk=0,
        ram_gb=stated.pop("ram_gb", math.nan),
        foldable=foldable,
        emulated=isinstance(handset, AvdHandset),
        fingerprint="",
        tags=handset.tags,
        fold_states=(POSTURES if foldable else ()) if postures is None else postures,
    )
    return merged(silent, stated)
