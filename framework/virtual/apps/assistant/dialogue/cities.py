"""The cities that the assistant has heard of, and a made-up weather for each: the same for everyone, every day."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from framework.virtual.apps.assistant.dialogue.state import Language


@dataclass(frozen=True, slots=True)
class City:
    """`mean_c` is a rough yearly mean that the made-up weather stays near."""

    en: str
    zh: str
    mean_c: int

    def name(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


CITIES: tuple[City, ...] = (
    City("Beijing", "北京", 13),
    City("Shanghai", "上海", 17),
    City("Hanoi", "河内", 24),
    City("Paris", "巴黎", 12),
    City("London", "伦敦", 11),
    City("Tokyo", "东京", 16),
    City("Singapore", "新加坡", 28),
    City("New York", "纽约", 13),
    City("Berlin", "柏林", 10),
    City("Shenzhen", "深圳", 23),
    City("Guangzhou", "广州", 22),
    City("Wuhan", "武汉", 17),
    City("Chengdu", "成都", 16),
    City("Hong Kong", "香港", 23),
    City("Seoul", "首尔", 13),
    City("Sydney", "悉尼", 18),
    City("Delhi", "德里", 25),
    City("Moscow", "莫斯科", 6),
    City("Madrid", "马德里", 15),
    City("Rome", "罗马", 16),
    City("Cairo", "开罗", 22),
    City("San Francisco", "旧金山", 14),
)


@dataclass(frozen=True, slots=True)
class Sky:
    en: str
    zh: str
    wet: bool


SKIES: tuple[Sky, ...] = (
    Sky("sunny", "晴", False),
    Sky("partly cloudy", "多云", False),
    Sky("cloudy", "阴", False),
    Sky("rainy", "有雨", True),
    Sky("windy", "有风", False),
    Sky("foggy", "有雾", False),
    Sky("stormy", "有雷阵雨", True),
)

_SEED = "pocketfarm weather"


@dataclass(frozen=True, slots=True)
class Forecast:
    """A day's weather; temperatures in °C, rain in percent."""

    sky: Sky
    high_c: int
    low_c: int
    rain_percent: int


def forecast(city: City, day: int) -> Forecast:
    """The weather of a city `day` days from today."""
    chance = Random(f"{_SEED}/{city.en}/{day}")  # noqa: S311  # nothing secret: it must be the same for everyone
    sky = chance.choice(SKIES)
    high = city.mean_c + chance.randint(1, 8)
    rain = chance.randint(60, 95) if sky.wet else chance.randint(0, 30)
    return Forecast(sky, high, high - chance.randint(4, 9), rain)


def find_city(text: str) -> City | None:
    """The first city that is named in `text`, in English or Chinese."""
    lowered = text.lower()
    named = [(place, city) for city in CITIES if (place := _place(lowered, city)) >= 0]
    return min(named, key=lambda found: found[0])[1] if named else None


def _place(text: str, city: City) -> int:
    places = [place for name in (city.en.lower(), city.zh) if (place := text.find(name)) >= 0]
    return min(places, default=-1)
