"""How well do the virtual handset's ears hear, and what do they reject?

Forty phrases, twenty in each language, by speakers that the templates do not know, in four rooms; then phrases that are
not in the list: near ones (one of the forty with a word or two changed) and far ones.
Last line: one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from framework.contract.scenario import Language
from framework.media.noise import NoiseKind, add_floor, add_noise
from framework.media.recognize import PhraseRecognizer, Recognition
from framework.media.templates import make_templates
from framework.media.tts import speak
from framework.media.voices import QUESTION_VOICES, TEMPLATE_VOICES
from framework.media.wav import Sound

Kind = Literal["genuine", "near", "far"]

LISTED: dict[Language, tuple[str, ...]] = {
    "en": (
        "What is the weather in Hanoi tomorrow?",
        "What is the weather in Hanoi today?",
        "And the day after tomorrow?",
        "Set a timer for ten minutes.",
        "Set an alarm for seven thirty.",
        "Turn on the flashlight.",
        "Turn off the flashlight.",
        "What time is it?",
        "Call my mother.",
        "Play some jazz music.",
        "How far is the moon?",
        "Who wrote the tale of Kieu?",
        "What is the capital of France?",
        "Translate good morning into Chinese.",
        "Remind me to buy milk tonight.",
        "How much memory does this phone have?",
        "Open the camera.",
        "Tell me a joke.",
        "Summarize this page for me.",
        "What is two hundred divided by eight?",
    ),
    "zh": (
        "河内明天天气怎么样？",
        "河内今天天气怎么样？",
        "后天呢？",
        "设一个十分钟的计时器。",
        "明天早上七点半叫我起床。",
        "打开手电筒。",
        "关闭手电筒。",
        "现在几点了？",
        "给妈妈打电话。",
        "播放一首爵士乐。",
        "月亮离我们有多远？",
        "金云翘传是谁写的？",
        "法国的首都是哪里？",
        "把早上好翻译成英文。",
        "提醒我今晚买牛奶。",
        "这部手机有多少内存？",
        "打开相机。",
        "给我讲一个笑话。",
        "帮我总结这个网页。",
        "两百除以八等于多少？",
    ),
}

NEAR: dict[Language, tuple[str, ...]] = {
    "en": (
        "What is the weather in London tomorrow?",
        "What is the weather in Hanoi on Sunday?",
        "And the day before yesterday?",
        "Set a timer for five minutes.",
        "Set an alarm for six fifteen.",
        "Turn on the radio.",
        "Turn up the volume.",
        "What day is it?",
        "Call my brother.",
        "Play some rock music.",
        "How far is the sun?",
        "Who wrote the art of war?",
        "What is the capital of Japan?",
        "Translate good evening into Spanish.",
        "Remind me to buy bread tonight.",
        "How much storage does this phone have?",
        "Open the calendar.",
        "Tell me a story.",
        "Summarize this book for me.",
        "What is three hundred divided by six?",
    ),
    "zh": (
        "北京明天天气怎么样？",
        "河内星期天天气怎么样？",
        "昨天呢？",
        "设一个五分钟的计时器。",
        "明天早上六点叫我起床。",
        "打开收音机。",
        "关闭蓝牙。",
        "今天几号了？",
        "给爸爸打电话。",
        "播放一首摇滚乐。",
        "太阳离我们有多远？",
        "西游记是谁写的？",
        "日本的首都是哪里？",
        "把晚上好翻译成英文。",
        "提醒我今晚买面包。",
        "这部手机有多少电量？",
        "打开日历。",
        "给我讲一个故事。",
        "帮我总结这本书。",
        "三百除以六等于多少？",
    ),
}

FAR: dict[Language, tuple[str, ...]] = {
    "en": (
        "My aunt lives in a small village near the sea.",
        "Please book a table for two.",
        "The quick brown fox jumps over the lazy dog.",
        "Where did I park the car?",
        "I do not like green eggs.",
        "Who won the match last night?",
    ),
    "zh": (
        "我姑姑住在海边的一个小村子里。",
        "请帮我订两个人的桌子。",
        "我把车停在哪里了？",
        "昨晚谁赢了比赛？",
        "我不喜欢吃鸡蛋。",
        "他每天骑自行车上班。",
    ),
}

SPEAKERS: dict[Language, tuple[str, ...]] = {
    "en": (QUESTION_VOICES["en"], "en-us+f2", "en-gb-x-rp+m7", "en-us+f5"),
    "zh": (QUESTION_VOICES["zh"], "cmn+f2", "cmn+m7", "cmn+f5"),
}

Room = tuple[NoiseKind, float] | None
ROOMS: tuple[Room, ...] = (None, ("white", 20), ("white", 10), ("babble", 15), ("babble", 10))
SEED = 7
STARTS = 3


@dataclass(frozen=True, slots=True)
class Trial:
    kind: Kind
    room: Room
    text: str
    heard: Recognition
    host_s: float

    @property
    def right(self) -> bool:
        return self.heard.text == (self.text if self.kind == "genuine" else None)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--speakers", type=int, default=4, help="speakers of each language, 1 to 4")
    speakers = arguments.parse_args().speakers
    learning_s = min(_learning() for _ in range(STARTS))
    trials = list(_trials(speakers))
    figures = {_name(room): _figures([trial for trial in trials if trial.room == room]) for room in ROOMS}
    for name, row in figures.items():
        print(f"{name:12}", "  ".join(f"{key} {value}" for key, value in row.items()))
    recognise_ms = 1000 * statistics.median(trial.host_s for trial in trials)
    print(f"learning {learning_s:.2f} s for 60 phrases of two voices; one utterance {recognise_ms:.0f} ms (median)")
    print(json.dumps({"rooms": figures, "learning_s": learning_s, "recognise_ms": recognise_ms}, ensure_ascii=False))


def _learning() -> float:
    """Seconds for sixty phrases of two voices."""
    sixty: dict[Language, tuple[str, ...]] = {
        "en": (*LISTED["en"], *NEAR["en"][:10]),
        "zh": (*LISTED["zh"], *NEAR["zh"][:10]),
    }
    start = time.perf_counter()
    make_templates(sixty)
    return time.perf_counter() - start


def _trials(speakers: int) -> Iterator[Trial]:
    """Both languages are in one list, which is harder than one recogniser for each."""
    ears = PhraseRecognizer(make_templates(LISTED, TEMPLATE_VOICES))
    kinds: tuple[tuple[Kind, dict[Language, tuple[str, ...]]], ...] = (
        ("genuine", LISTED),
        ("near", NEAR),
        ("far", FAR),
    )
    for kind, phrases in kinds:
        for language, texts in phrases.items():
            for voice in SPEAKERS[language][:speakers]:
                for text in texts:
                    said = speak(text, voice).padded(0.3, 0.6)
                    for room in ROOMS:
                        sound = _in_room(said, room)
                        start = time.perf_counter()
                        heard = ears.recognize(sound)
                        yield Trial(kind, room, text, heard, time.perf_counter() - start)


def _in_room(said: Sound, room: Room) -> Sound:
    return add_floor(said, SEED) if room is None else add_noise(said, room[0], room[1], SEED)


def _figures(trials: list[Trial]) -> dict[str, float]:
    """Shares of the trials of one room; `nearest` counts before rejection, `worst_*` are what the threshold judges."""
    genuine, near, far = ([trial for trial in trials if trial.kind == kind] for kind in ("genuine", "near", "far"))
    worst = statistics.quantiles([trial.heard.worst for trial in genuine], n=100)
    return {
        "trials": len(trials),
        "nearest_wrong": _share([trial.heard.nearest != trial.text for trial in genuine]),
        "taken_for_another": _share([trial.heard.text not in (None, trial.text) for trial in genuine]),
        "rejected": _share([trial.heard.text is None for trial in genuine]),
        "near_accepted": _share([not trial.right for trial in near]),
        "far_accepted": _share([not trial.right for trial in far]),
        "worst_p50": round(worst[49], 2),
        "worst_p99": round(worst[98], 2),
        "near_worst_p5": round(statistics.quantiles([trial.heard.worst for trial in near], n=20)[0], 2),
    }


def _share(found: list[bool]) -> float:
    return round(sum(found) / len(found), 4)


def _name(room: Room) -> str:
    return "quiet" if room is None else f"{room[0]} {room[1]:g} dB"


if __name__ == "__main__":
    main()
