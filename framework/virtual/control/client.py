"""The other side of a handset's control endpoint."""

from __future__ import annotations

import json
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from framework.contract.errors import HandsetError, UsageError

ANSWERS_WITHIN_S = 120
"""Generous: a fault may have the handset's process do nothing for a minute."""


SAMPLE_NS = 250_000_000
"""From one sample of the physics to the next."""


class Control:
    """One virtual handset, by the URL in `VirtualEndpoint.control`. Calls are synchronous, and share no state.

    Raises UsageError for what the handset refuses, and HandsetError when it does not answer.
    """

    def __init__(self, url: str, name: str = "virtual handset") -> None:
        self._url = urlsplit(url)
        self._name = name

    def truth(self, since_ns: int = 0, boot: int | None = None) -> dict[str, Any]:
        """What really happened since `since_ns` of the handset's boot time; in another boot than the current one.

        `{name, profile, seed, speed, boot, boots, clock, events, samples, faults, forgotten}`. `clock` is `{host_ns,
        device_ns, …, lines, wall}`, taken at one instant: `host_ns` is this machine's CLOCK_MONOTONIC, and from each
        line's `host_ns` on, boot time is the line's `device_ns` + (host - `host_ns`) x `speed`. Events are `{kind,
        ns, …}`, samples `{series: [[ns, value], …]}`, four a second.
        """
        chosen = "" if boot is None else f"&boot={boot}"
        told: dict[str, Any] = self._ask("GET", f"truth?since_ns={since_ns}{chosen}")
        samples = {name: _all_samples(points, since_ns) for name, points in told["samples"].items()}
        told["samples"] = {name: points for name, points in samples.items() if points}
        return told

    def fault(
        self, kind: str, size: float | None = None, for_s: float | None = None, second: float | None = None
    ) -> int:
        """Begin a fault, of its usual size and until it is cleared unless told otherwise (device time); its id."""
        asked = {"kind": kind, "size": size, "for_s": for_s, "second": second}
        number: int = self._ask("POST", "faults", asked)["id"]
        return number

    def clear(self, number: int | None = None) -> None:
        """End one fault, or all that are under way. One that has ended already is let be."""
        self._ask("DELETE", "faults" if number is None else f"faults/{number}")

    def faults(self) -> list[dict[str, Any]]:
        """Those that were begun: `{id, kind, size, unit, second, second_unit, begin_boot, begin_ns, end_…}`."""
        told: list[dict[str, Any]] = self._ask("GET", "faults")["faults"]
        return told

    def kinds(self) -> list[dict[str, str]]:
        """The kinds of fault there are: `{kind, help, size, second, lasts}`."""
        told: list[dict[str, str]] = self._ask("GET", "faults")["kinds"]
        return told

    def auth(self) -> dict[str, Any]:
        """Whom adbd lets in: `{policy, asking, remembered}`, the last two lists of `{fingerprint, name}`."""
        told: dict[str, Any] = self._ask("GET", "auth")
        return told

    def answer(self, *, allow: bool, always: bool = True, fingerprint: str | None = None) -> dict[str, str]:
        """Answer "Allow USB debugging?": of the computer that waits longest, or of that with the fingerprint.

        The computer's `{fingerprint, name}`; `always` has the handset remember its key.
        """
        body = {"allow": allow, "always": always, "fingerprint": fingerprint}
        told: dict[str, str] = self._ask("POST", "auth", body)
        return told

    def revoke(self) -> None:
        """Have the handset forget every computer's key; connections that are open stay so."""
        self._ask("DELETE", "auth")

    def _ask(self, method: str, what: str, body: object = None) -> Any:
        try:
            with closing(HTTPConnection(self._url.netloc, timeout=ANSWERS_WITHIN_S)) as connection:
                connection.request(method, f"{self._url.path}/{what}", None if body is None else json.dumps(body))
                response = connection.getresponse()
                told = json.loads(response.read())
        except (OSError, HTTPException, ValueError) as error:
            raise HandsetError(self._name, f"its control endpoint does not answer: {error}") from error
        if response.status != 200:
            raise UsageError(f"{self._name}: {told.get('error', response.status)}")
        return told


def _all_samples(points: list[list[float]], since_ns: int) -> list[list[float]]:
    """The endpoint tells only both ends of a stretch of equal values, the first perhaps from before `since_ns`."""
    filled = points[:1]
    for before, after in pairwise(points):
        if before[1] == after[1]:
            skipped = max(0, since_ns - int(before[0]) - 1) // SAMPLE_NS
            steps = range(int(before[0]) + (skipped + 1) * SAMPLE_NS, int(after[0]), SAMPLE_NS)
            filled += [[at_ns, after[1]] for at_ns in steps]
        filled.append(after)
    return [point for point in filled if point[0] >= since_ns]
