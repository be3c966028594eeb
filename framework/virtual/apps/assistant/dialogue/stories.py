"""Long answers: stories that are put together from parts, and counting."""

from __future__ import annotations

from framework.virtual.apps.assistant.dialogue.numbers import with_digits
from framework.virtual.apps.assistant.dialogue.state import Answer, Facts, Said, State

TOPIC = "stories"

_ASKED = (r"\bstory\b", "故事")
_LONG = (r"\blong\b", "长")
_COUNT = (r"\bcount (?:from (?P<first>[\w -]+?) )?to (?P<last>[\w -]+)", r"从(?P<first>.+?)数到(?P<last>.+)")
_HIGHEST = 200

_ENGLISH: tuple[str, ...] = (
    "Once there was a small phone that lived in the pocket of a gardener.",
    "Every morning it told her the weather, and every evening it counted the tomatoes with her.",
    "One day a storm came over the hills, and the garden lay in the dark.",
    "The phone had only a little power left, but it lit the path to the greenhouse.",
    "There they found a young fox that was afraid of the thunder.",
    "The gardener sat down beside it, and the phone played a quiet song.",
    "When the rain had stopped, the fox ran home, and left one blue feather on the step.",
    "The next day the phone asked where the feather came from, and nobody knew.",
    "So the gardener walked to the river, where a heron stood in the shallow water.",
    "The heron said that the feather was a gift, for those who keep a light on for others.",
    "Since then the phone has kept the feather's picture, and looks at it when the night is long.",
    "And whenever it storms, there is a small light in the greenhouse.",
)
_CHINESE: tuple[str, ...] = (
    "从前，有一部小手机，住在园丁的口袋里。",
    "每天早上它告诉她天气，每天晚上陪她数西红柿。",
    "有一天，暴风雨越过山丘，花园里一片漆黑。",
    "手机只剩一点电，却照亮了去温室的小路。",
    "在那里，他们发现了一只害怕雷声的小狐狸。",
    "园丁坐在它身边，手机放起了一首安静的歌。",
    "雨停以后，小狐狸跑回了家，在台阶上留下一根蓝色的羽毛。",
    "第二天，手机问羽毛是从哪里来的，谁也不知道。",
    "于是园丁走到河边，一只苍鹭正站在浅水里。",
    "苍鹭说，羽毛是一件礼物，送给为别人留灯的人。",
    "从那以后，手机一直保存着羽毛的照片，在漫长的夜里看一看。",
    "每当暴风雨来临，温室里总有一盏小灯。",
)
_SHORT = (0, 1, 2, 3, 11)


def answer(said: Said, state: State, facts: Facts) -> Answer | None:
    if (count := said.match(*_COUNT)) is not None:
        return _counted(said, state, with_digits(count["first"] or "1").strip(), with_digits(count["last"]).strip())
    if not said.match(*_ASKED):
        return None
    parts = _CHINESE if said.language == "zh" else _ENGLISH
    chosen = parts if said.match(*_LONG) else tuple(parts[number] for number in _SHORT)
    return Answer(said.choose(" ", "").join(chosen), state)


def _counted(said: Said, state: State, first: str, last: str) -> Answer | None:
    if not (first.isdecimal() and last.isdecimal() and len(first) < 5 and len(last) < 5):
        return None
    if int(last) > _HIGHEST or int(first) > int(last):
        return Answer(
            said.choose(f"I count upwards, to {_HIGHEST} at most.", f"我只能往上数，最多到{_HIGHEST}。"), state
        )
    numbers = map(str, range(int(first), int(last) + 1))
    return Answer(said.choose(", ", "，").join(numbers) + said.choose(".", "。"), state)
