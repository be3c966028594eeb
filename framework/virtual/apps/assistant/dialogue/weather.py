"""The weather: today or some day soon, in a city, and what follows from it."""

from __future__ import annotations

import re

from framework.virtual.apps.assistant.dialogue.cities import CITIES, City, Forecast, find_city, forecast
from framework.virtual.apps.assistant.dialogue.state import Answer, Facts, Language, Said, State, about

TOPIC = "weather"

_ASKED = (
    r"\b(weather|forecast|temperature in|rain|raining|umbrella|snow|sunny|how (?:hot|cold|warm) (?:is|will) it)\b",
    r"天气|气温|下雨|下雪|带伞|雨伞|几度|多少度",
)
_UMBRELLA = (r"\b(umbrella|rain|raining)\b", r"下雨|伞")
_DAYS: tuple[tuple[str, int, str, str], ...] = (
    (r"in three days|大后天", 3, "in three days", "大后天"),
    (r"the day after tomorrow|后天", 2, "the day after tomorrow", "后天"),
    (r"tomorrow|明天|明日", 1, "tomorrow", "明天"),
    (r"today|tonight|right now|今天|今日|现在|今晚", 0, "today", "今天"),
)


def answer(said: Said, state: State, facts: Facts) -> Answer | None:
    recalled = state.recall(TOPIC)
    follow_up = said.follow_up if recalled else None
    city, day = find_city(said.text), _day(said.text)
    if not said.match(*_ASKED) and not (follow_up is not None and (city is not None or day is not None)):
        return None
    if day is None:
        day = int(recalled.get("day", 0)) if city is None or follow_up is not None else 0
    if city is None:
        city = next((known for known in CITIES if known.en == recalled.get("city")), None)
    if city is None:
        return about(state, said.choose("Which city do you mean?", "您想问哪个城市？"), day=str(day))
    weather = forecast(city, day)
    asked = _rain if said.match(*_UMBRELLA) else _report
    return about(state, asked(city, day, weather, said.language), city=city.en, day=str(day))


def city_alone(said: Said, state: State, facts: Facts) -> Answer | None:
    """A city's name alone answers the question which city was meant."""
    recalled = state.recall(TOPIC)
    city = find_city(said.text)
    if not recalled or city is None or len(said.plain) > len(city.en) + 12:
        return None
    stated = _day(said.text)
    day = int(recalled.get("day", 0)) if stated is None else stated
    return about(state, _report(city, day, forecast(city, day), said.language), city=city.en, day=str(day))


def _day(text: str) -> int | None:
    lowered = text.lower()
    return next((day for pattern, day, _, _ in _DAYS if re.search(pattern, lowered)), None)


def _day_name(day: int, language: Language) -> str:
    _, _, english, chinese = next(known for known in _DAYS if known[1] == day)
    return chinese if language == "zh" else english


def _report(city: City, day: int, weather: Forecast, language: Language) -> str:
    when = _day_name(day, language)
    if language == "zh":
        return (
            f"{city.zh}{when}{weather.sky.zh}，最高气温{weather.high_c}度，最低气温{weather.low_c}度。"
            f"降雨概率{weather.rain_percent}%。"
        )
    verb = "is" if day == 0 else "will be"
    return (
        f"In {city.en} it {verb} {weather.sky.en} {when}, with a high of {weather.high_c} and a low of "
        f"{weather.low_c} degrees. The chance of rain is {weather.rain_percent} percent."
    )


def _rain(city: City, day: int, weather: Forecast, language: Language) -> str:
    when, rain = _day_name(day, language), weather.rain_percent
    if language == "zh":
        advice = "建议带伞" if weather.sky.wet else "不用带伞"
        return f"{city.zh}{when}降雨概率{rain}%，{advice}。"
    advice = "Yes, take an umbrella" if weather.sky.wet else "No, you do not need an umbrella"
    return f"{advice}: the chance of rain in {city.en} {when} is {rain} percent."
