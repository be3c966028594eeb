"""Whether what was deployed is still on the handset as the receipt says."""

from __future__ import annotations

from collections.abc import Iterator

from framework.contract.capabilities import Handset
from framework.deploy.receipt import RECEIPT, InstalledApk, Receipt


def damage(receipt: Receipt, handset: Handset, *, content: bool) -> tuple[str, ...]:
    """What is not as it was deployed, in words; `content`: the handset also hashes the weights.

    Where something is damaged, the handset's own copy of the receipt is void: the next deployment repairs it.
    """
    found = tuple(_found(receipt, handset, content=content))
    if found:
        handset.files.remove(RECEIPT)
    return found


def _found(receipt: Receipt, handset: Handset, *, content: bool) -> Iterator[str]:
    package, apk = receipt.identity.package, receipt.apk
    info = handset.packages.info(package)
    if info is None:
        yield f"{package} is not installed any more"
    elif InstalledApk(apk.sha256, info.version_code, info.code_path) != apk:
        yield f"{package} was installed anew by somebody else"
    for file in receipt.weights:
        stat = handset.files.stat(file.path)
        if stat is None:
            yield f"{file.path} is gone"
        elif (stat.size, stat.mtime) != (file.size, file.mtime):
            yield f"{file.path} was changed"
        elif content and handset.files.sha256(file.path) != file.sha256:
            yield f"{file.path} has another content, of the same size and time"
