"""Whom a handset's adbd lets in, as the control endpoint tells and changes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from framework.virtual.adb.authority import Authority, NobodyAsksError

if TYPE_CHECKING:
    from framework.virtual.adb.adb_keys import ComputerKey
    from framework.virtual.adb.server import AdbServer


def control_auth(method: str, adbd: AdbServer | None, asked: Mapping[str, Any]) -> dict[str, object]:
    """The answer to GET, POST or DELETE; NobodyAsksError where there is nobody to answer."""
    authority = None if adbd is None else adbd.authority
    if authority is None:
        raise NobodyAsksError("this handset lets everybody in")
    if method == "POST":
        return _answer(authority, asked)
    if method == "DELETE":
        authority.revoke()
    return {
        "policy": authority.policy,
        "asking": [_told(request.key) for request in authority.requests],
        "remembered": [_told(key) for key in authority.remembered()],
    }


def _answer(authority: Authority, asked: Mapping[str, Any]) -> dict[str, object]:
    allow, always, fingerprint = asked.get("allow"), asked.get("always", True), asked.get("fingerprint")
    strange = set(asked) - {"allow", "always", "fingerprint"}
    if (
        strange
        or not isinstance(allow, bool)
        or not isinstance(always, bool)
        or not isinstance(fingerprint, str | None)
    ):
        raise NobodyAsksError("expected {allow, always, fingerprint}")
    return _told(authority.answer(allow=allow, always=always, fingerprint=fingerprint))


def _told(key: ComputerKey) -> dict[str, object]:
    return {"fingerprint": key.fingerprint, "name": key.name}
