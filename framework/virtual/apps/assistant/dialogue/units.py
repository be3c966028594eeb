"""Conversions between units: lengths, weights, temperatures, times and volumes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from framework.virtual.apps.assistant.dialogue.numbers import show, with_digits
from framework.virtual.apps.assistant.dialogue.state import Answer, Facts, Said, State

TOPIC = "units"


@dataclass(frozen=True, slots=True)
class Unit:
    """`one` unit, from a zero at `zero`, in the first unit of its kind; `en` and `zh` are patterns of its names."""

    kind: str
    one: Fraction
    en: str
    zh: str
    shown_en: str
    shown_zh: str
    zero: Fraction = Fraction(0)


UNITS: tuple[Unit, ...] = (
    Unit("length", Fraction(1000), r"kilomet(?:er|re)s?|km", "公里|千米", "kilometers", "公里"),
    Unit("length", Fraction(1, 100), r"centimet(?:er|re)s?|cm", "厘米", "centimeters", "厘米"),
    Unit("length", Fraction(1, 1000), r"millimet(?:er|re)s?|mm", "毫米", "millimeters", "毫米"),
    Unit("length", Fraction("1609.344"), "miles?|mi", "英里", "miles", "英里"),
    Unit("length", Fraction("0.3048"), "feet|foot|ft", "英尺", "feet", "英尺"),
    Unit("length", Fraction("0.0254"), "inch(?:es)?", "英寸", "inches", "英寸"),
    Unit("length", Fraction(1), r"met(?:er|re)s?|m", "米", "meters", "米"),
    Unit("weight", Fraction(1), "kilograms?|kilos?|kg", "公斤|千克", "kilograms", "公斤"),
    Unit("weight", Fraction("0.45359237"), "pounds?|lbs?", "磅", "pounds", "磅"),
    Unit("weight", Fraction(1, 2), "jin", "斤", "jin", "斤"),
    Unit("weight", Fraction(1, 1000), "grams?|g", "克", "grams", "克"),
    Unit(
        "temperature", Fraction(5, 9), "(?:degrees )?fahrenheit", "华氏度", "degrees Fahrenheit", "华氏度", Fraction(32)
    ),
    Unit("temperature", Fraction(1), "(?:degrees )?celsius", "摄氏度", "degrees Celsius", "摄氏度"),
    Unit("time", Fraction(3600), "hours?", "小时|钟头", "hours", "小时"),
    Unit("time", Fraction(60), "minutes?", "分钟", "minutes", "分钟"),
    Unit("time", Fraction(86400), "days?", "天", "days", "天"),
    Unit("time", Fraction(1), "seconds?", "秒钟?", "seconds", "秒"),
    Unit("volume", Fraction(1), "lit(?:er|re)s?", "升", "liters", "升"),
    Unit("volume", Fraction("3.785411784"), "gallons?", "加仑", "gallons", "加仑"),
)

_NUMBER = r"(?P<number>-?\d{1,12}(?:\.\d{1,6})?)"
_EN_NAME, _ZH_NAME = ("|".join(getattr(unit, language) for unit in UNITS) for language in ("en", "zh"))
_ENGLISH: tuple[str, ...] = (
    rf"(?:convert |what is |how much is )?{_NUMBER} (?P<source>{_EN_NAME}) (?:in|to|into) (?P<target>{_EN_NAME})",
    rf"how many (?P<target>{_EN_NAME}) (?:is|are|are in|are there in) {_NUMBER} (?P<source>{_EN_NAME})",
)
_CHINESE: tuple[str, ...] = (
    rf"(?:把)?{_NUMBER}(?P<source>{_ZH_NAME})(?:是|等于|有|换算成|转换成|合)(?:多少)?(?P<target>{_ZH_NAME})",
)
_AGAIN = (
    rf"^(?:and |what about |how about )*(?:in|into|to) (?P<target>{_EN_NAME})$",
    rf"^(?:那)?(?:是|等于|合)?多少(?P<target>{_ZH_NAME})(?:呢)?$",
)


def answer(said: Said, state: State, facts: Facts) -> Answer | None:
    text = with_digits(said.compact if said.language == "zh" else said.plain)
    for pattern in _CHINESE if said.language == "zh" else _ENGLISH:
        if (found := re.fullmatch(pattern, text)) is not None:
            return _converted(said, state, Fraction(found["number"]), _unit(found["source"]), _unit(found["target"]))
    again = said.match(*_AGAIN)
    if again is not None and state.topic == TOPIC and state.number is not None:
        return _converted(said, state, state.number, _unit(state.unit), _unit(again["target"]))
    return None


def _unit(name: str) -> Unit:
    return next(unit for unit in UNITS if re.fullmatch(f"{unit.en}|{unit.zh}", name))


def _converted(said: Said, state: State, number: Fraction, source: Unit, target: Unit) -> Answer:
    name, into = said.choose(source.shown_en, source.shown_zh), said.choose(target.shown_en, target.shown_zh)
    if source.kind != target.kind:
        return Answer(
            said.choose(f"{name.capitalize()} can not be turned into {into}.", f"{name}不能换算成{into}。"), state
        )
    result = show((number - source.zero) * source.one / target.one + target.zero)
    text = said.choose(f"{show(number)} {name} is {result} {into}.", f"{show(number)}{name}等于{result}{into}。")
    return Answer(text, replace(state, number=number, unit=source.shown_en))
