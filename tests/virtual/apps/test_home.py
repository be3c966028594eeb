"""The launcher."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from conftest import Talk, WithAssistant


def test_the_launcher_shows_the_handsets_name(with_assistant: WithAssistant) -> None:
    """It is in front when nothing else is, and when the app in front has ended."""

    async def look(talk: Talk) -> tuple[list[str], tuple[int, int], str | None]:
        record = talk.device.activities.running("com.miui.home")
        assert record is not None
        await record.drawn
        texts = [node.text for node in talk.device.screen.tree().walk() if node.text]
        size = Image.open(io.BytesIO(talk.device.screen.png())).size
        await talk.start()
        talk.device.activities.force_stop("org.pocketfarm.assistant")
        foreground = talk.device.screen.foreground
        return texts, size, foreground.package if foreground else None

    assert with_assistant(look) == (["Xiaomi 13"], (1080, 2400), "com.miui.home")
