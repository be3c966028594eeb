"""Small talk, and what the assistant says of itself."""

from __future__ import annotations

from framework.virtual.apps.assistant.dialogue.state import Answer, Facts, Said, State

TOPIC = "smalltalk"

_HELP_EN = (
    "I can tell you the weather, do sums, convert units, set a timer, keep reminders, translate a few phrases, "
    "tell a story, and answer questions about this phone."
)
_HELP_ZH = "我可以查天气、做算术、换算单位、设置计时器、记提醒、翻译短语、讲故事，还可以回答关于这部手机的问题。"
_JOKES = (
    ("Why did the phone wear glasses? It lost its contacts.", "手机为什么戴眼镜？因为它的联系人丢了。"),
    ("I would tell you a joke about memory, but I forgot it.", "我本来想讲一个关于内存的笑话，可是我忘了。"),
    ("Why was the battery sad? Nobody gave it any credit, only charges.", "电池为什么难过？因为它总是被人消耗。"),
)
_REPLIES: tuple[tuple[str, str, str, str], ...] = (
    (r"\bwhat can you do\b|^help$|\bhelp me\b", "你会(?:做|说)?什么|你能做什么|可以做什么|^帮助$", _HELP_EN, _HELP_ZH),
    (r"\bhow are you\b", "你好吗|最近怎么样|你怎么样", "I am fine, thank you.", "我很好，谢谢您。"),
    (r"\bthanks?\b|\bthank you\b", "谢谢|多谢", "You are welcome.", "不客气。"),
    (r"\bgood night\b", "晚安", "Good night. Sleep well.", "晚安，好梦。"),
    (r"\b(?:good ?bye|bye|see you)\b", "再见|拜拜", "Goodbye.", "再见。"),
    (r"\bgood morning\b", "早上好|早安", "Good morning. How can I help you?", "早上好，有什么可以帮您？"),
    (
        r"\bwho (?:made|built|created) you\b",
        "谁(?:做|造|开发)了?你",
        "The Pocketfarm project made me.",
        "我是口袋农场项目做的。",
    ),
    (
        r"^(?:yes|yeah|no|nope|ok|okay|sure|fine|great|good)$",
        "^(?:好|好的|是|是的|不|不用|不是|可以|行)了?$",
        "All right.",
        "好的。",
    ),
    (r"^(?:hi|hello|hey)\b", "^(?:你好|您好|嗨|喂)", "Hello. How can I help you?", "您好，有什么可以帮您？"),
)
_JOKE = (r"\bjoke\b|\bmake me laugh\b", "笑话|逗我笑")
_ANOTHER = (r"^(?:another(?: one)?|one more|again)$", "^(?:再来一个|再讲一个|还有吗)$")
_REPEAT = (
    r"\b(?:say|repeat) that(?: again)?\b|^(?:repeat|pardon)$|\bwhat did you say\b",
    "再说一遍|重复一遍|你说什么|刚才说什么",
)


def answer(said: Said, state: State, facts: Facts) -> Answer | None:
    if said.match(*_REPEAT):
        return Answer(state.last_reply or said.choose("I have not said anything yet.", "我还什么都没说。"), state)
    if said.match(*_JOKE) or (state.topic == TOPIC and said.match(*_ANOTHER)):
        return Answer(said.choose(*_JOKES[state.turns % len(_JOKES)]), state)
    for english, chinese, reply_en, reply_zh in _REPLIES:
        if said.match(english, chinese):
            return Answer(said.choose(reply_en, reply_zh), state)
    return None
