"""The assistant's answers: follow-ups and memory in two languages, and no text that it cannot take."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.virtual.apps.assistant.dialogue import SKILLS, Facts, State, reply
from framework.virtual.apps.assistant.dialogue.cities import CITIES, forecast
from framework.virtual.apps.assistant.dialogue.state import Language
from framework.virtual.apps.assistant.phrases import phrases, templates

S = 1_000_000_000
FACTS = Facts(
    now_ns=60 * S,
    wall_ns=1_763_913_600 * S,  # Sunday, 23 November 2025, 16:00 UTC
    battery_percent=77,
    charging=True,
    fold="half_open",
    skin_c=31.2,
    handset="Xiaomi MIX Fold 3",
    model="Compact 1.3B",
)


def talk(*said: str, facts: Facts = FACTS) -> list[str]:
    """The replies of one conversation."""
    state, replies = State(), []
    for text in said:
        answer, state = reply(state, text, facts)
        replies.append(answer)
    return replies


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is 17 * 23?", "The result is 391."),
        ("what's twenty one plus two hundred and five", "The result is 226."),
        ("3 + 4 * (2 - 1) =", "The result is 7."),
        ("15% of 80", "The result is 12."),
        ("7 divided by 2", "The result is 3.5."),
        ("1 / 0", "Nothing can be divided by zero."),
        ("2 +", "I can not read that sum."),
        ("9999999999999999 * 9", "That number is too large for me."),
        ("三十乘以四等于多少？", "结果是120。"),
        ("八十的百分之十五是多少？", "结果是12。"),
        ("一百零五减去六", "结果是99。"),
        ("100除以0", "不能除以零。"),
        ("what is the square root of 144?", "The result is 12."),
        ("二的平方根", "结果是1.4142。"),
        ("Convert five miles to kilometers.", "5 miles is 8.0467 kilometers."),
        ("100 fahrenheit in celsius", "100 degrees Fahrenheit is 37.7778 degrees Celsius."),
        ("三小时有多少分钟？", "3小时等于180分钟。"),
        ("5 kg in miles", "Kilograms can not be turned into miles."),
        ("What is the capital of Vietnam?", "The capital of Vietnam is Hanoi."),
        ("法国的首都是哪里？", "法国的首都是巴黎。"),
        ("Translate good morning to Chinese.", 'You say "早上好".'),
        ("谢谢用英语怎么说？", "可以说“Thank you”。"),
        ("How do you say zebra in Chinese?", 'I do not know how to translate "zebra".'),
        ("Count to five.", "1, 2, 3, 4, 5."),
        ("从八数到十", "8，9，10。"),
        ("How much battery is left?", "The battery is at 77 percent and charging."),
        ("Is the phone folded?", "The phone is half open."),
        ("手机是折叠的吗？", "手机是半开的。"),
        ("How hot is the phone?", "The phone's skin is at 31 degrees Celsius."),
        ("What time is it?", "It is 16:00."),
        ("今天星期几？", "今天是11月23日，星期日。"),
        ("What phone is this?", "This is a Xiaomi MIX Fold 3."),
        ("Which model do you run?", "I run the model Compact 1.3B."),
        ("hello", "Hello. How can I help you?"),
        ("  ", "Please say that again."),
        (
            "What is the meaning of life?",
            'I do not know about "What is the meaning of life?". You can ask me what I can do.',
        ),
        ("量子力学是什么", "我不知道“量子力学是什么”。您可以问我会做什么。"),
    ],
)
def test_one_question(question: str, answer: str) -> None:
    """What a fresh assistant says to one question."""
    assert talk(question) == [answer]


def test_the_weather_is_followed_up_across_languages() -> None:
    """City and day are remembered, each until another is named."""
    replies = talk("What is the weather in Hanoi tomorrow?", "后天呢？", "and in Paris?", "那北京呢？", "今天呢")
    about = [
        ("Hanoi", "tomorrow"),
        ("河内", "后天"),
        ("Paris", "the day after tomorrow"),
        ("北京", "后天"),
        ("北京", "今天"),
    ]
    assert [all(word in told for word in words) for told, words in zip(replies, about, strict=True)] == [True] * 5


def test_a_missing_city_is_asked_for() -> None:
    """The answer to the question back may be the city alone; the day was kept."""
    replies = talk("Will it rain tomorrow?", "Tokyo")
    assert replies[0] == "Which city do you mean?"
    assert "Tokyo" in replies[1]
    assert "tomorrow" in replies[1]


def test_the_made_up_weather_is_the_same_for_everyone() -> None:
    """The forecast depends on nothing but city and day, and days differ."""
    assert [forecast(city, 1) for city in CITIES] == [forecast(city, 1) for city in CITIES]
    assert len({forecast(city, day) for city in CITIES for day in range(4)}) > len(CITIES)


def test_a_name_is_remembered() -> None:
    """In either language, and not before it was told."""
    assert talk("What is my name?", "My name is Anna.", "我叫什么名字？", "我叫小明。", "Who am I?") == [
        "You have not told me your name yet.",
        "Nice to meet you, Anna.",
        "您叫Anna。",
        "很高兴认识您，小明。",
        "Your name is 小明.",
    ]


def test_sums_go_on_from_the_last_result() -> None:
    """With words; a negative number at the beginning of a written sum is a number."""
    assert talk("12 * 7", "plus five", "再减九", "-5 + 3") == [
        "The result is 84.",
        "The result is 89.",
        "结果是80。",
        "The result is -2.",
    ]


def test_conversions_go_on_with_another_unit() -> None:
    """The amount and its unit are remembered."""
    assert talk("Convert 5 miles to kilometers", "and in meters?")[1] == "5 miles is 8046.72 meters."


def test_a_timer_runs_down() -> None:
    """What is left depends on the clock of the handset."""
    _, state = reply(State(), "Set a timer for ten minutes.", FACTS)
    later = replace(FACTS, now_ns=FACTS.now_ns + 90 * S)
    left, _ = reply(state, "How much time is left?", later)
    assert left == "There are 8 minutes and 30 seconds left."
    over, _ = reply(state, "还剩多少时间？", replace(FACTS, now_ns=FACTS.now_ns + 600 * S))
    assert over == "计时已经结束。"


def test_a_timer_without_a_length_is_asked_about() -> None:
    """The length alone is then enough; and a timer can be cancelled."""
    assert talk("Set a timer", "three minutes", "cancel the timer", "How much time is left?") == [
        "For how long, up to a day?",
        "I set a timer for 3 minutes.",
        "I cancelled the timer.",
        "There is no timer.",
    ]


def test_reminders_are_kept_in_the_users_words() -> None:
    """Both languages side by side, until they are cleared."""
    assert talk(
        "Remind me to call my mother at six.",
        "明天早上八点提醒我开会。",
        "What are my reminders?",
        "清空提醒",
        "我有哪些提醒？",
    ) == [
        "I will remind you to call your mother at six.",
        "好的，我会提醒您明天早上八点开会。",
        "Your reminders: call your mother at six; 明天早上八点开会.",
        "所有提醒都已删除。",
        "您没有提醒。",
    ]


def test_the_last_reply_can_be_asked_for_again() -> None:
    """Word for word."""
    replies = talk("Tell me a joke.", "Please repeat that.", "another one")
    assert replies[0] == replies[1]
    assert replies[2] != replies[0]


@pytest.mark.parametrize("language", get_args(Language))
def test_every_phrase_that_can_be_heard_has_an_answer(language: Language) -> None:
    """At least twenty templates a language; after a question about the weather, none leaves the assistant at a loss."""
    assert len(templates(language)) >= 20
    _, state = reply(State(), "What is the weather in Hanoi?", FACTS)
    answers = {phrase: reply(state, phrase, FACTS)[0] for phrase in phrases(language)}
    assert {phrase for phrase, told in answers.items() if told.startswith(("I do not know", "我不知道"))} == set()


WORDS = st.sampled_from(
    [word for language in get_args(Language) for phrase in phrases(language) for word in (phrase, *phrase.split())]
    + [
        "and",
        "呢",
        "+",
        "-",
        "%",
        "(",
        "to",
        "in",
        "百",
        "万",
        "点",
        "hundred",
        "99999",
        "0.5",
        "提醒我",
        "translate",
        '"',
        "\n",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(WORDS.map(str), st.text(max_size=30)).map(str), max_size=8), st.sampled_from(["", " "]))
def test_any_text_gets_an_answer(words: list[str], between: str) -> None:
    """No words in any order, after any other, crash a skill or leave the user without a reply."""
    state = State()
    for end in range(1, len(words) + 1):
        answer, state = reply(state, between.join(words[:end]), FACTS)
        assert answer.strip() != ""
    assert state.turns == len(words)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=5000))
def test_the_same_question_in_the_same_state_has_the_same_answer(text: str) -> None:
    """Nothing is drawn by chance or kept outside of the state."""
    assert reply(State(), text, FACTS) == reply(State(), text, FACTS)


def test_skills_have_topics() -> None:
    """Each skill goes by a topic, under which it recalls what it was about."""
    assert all(topic for topic, _ in SKILLS)
