"""Start conditions: a measurement begins on a handset that is as cool as the scenario asks."""

from __future__ import annotations

import time

from framework.contract.capabilities import Handset
from framework.contract.scenario import StartConditions
from framework.trace.probes import thermal

WAIT_S = 180.0
"""Device seconds that a handset is given to cool down."""

POLL_S = 2.0


def await_start(handset: Handset, conditions: StartConditions) -> str | None:
    """Wait until the conditions hold; why they do not when the time is up, None when they do."""
    limit = conditions.skin_below_c
    if limit is None:
        return None
    deadline = time.monotonic() + WAIT_S / handset.time_scale
    while True:
        skin = thermal.read(handset.shell.run("dumpsys", "thermalservice").text).get("skin_c")
        if skin is not None and skin < limit:
            return None
        if skin is None or time.monotonic() >= deadline:
            found = "the handset does not tell" if skin is None else f"{skin:g} °C after {WAIT_S:g} s of cooling"
            return f"start: skin below {limit:g} °C was asked for: {found}"
        time.sleep(POLL_S / handset.time_scale)
