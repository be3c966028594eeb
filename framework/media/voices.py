"""Who speaks: the suites, the handset and its ears have voices of their own, so that nothing hears itself."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.contract.scenario import Language

QUESTION_VOICES: Mapping[Language, str] = MappingProxyType({"en": "en-us+m3", "zh": "cmn+m3"})
"""The suites' speakers."""

REPLY_VOICES: Mapping[Language, str] = MappingProxyType({"en": "en-us+f2", "zh": "cmn+f2"})
"""The voice of a virtual handset's assistant."""

TEMPLATE_VOICES: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {"en": ("en-us", "en-us+f3"), "zh": ("cmn", "cmn+f3")}
)
"""The speakers that a virtual handset's ears learnt its phrases from."""
