from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest
from hostile import HOSTILE
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.contract.account import RunAccount
from framework.contract.run import BuildIdentity, Conclusion, HandsetIdentity, Repetition, RepetitionFinished, Unit
from framework.contract.trace import ClockFit, Instant, Series, Span, Trace
from framework.contract.turn import Evidence, TurnRecord
from framework.contract.verdict import Check, Verdict
from framework.redaction.redactor import Redactor
from framework.redaction.rules import WORDS
from framework.redaction.walking import telling

S = 1_000_000_000
SERIAL = "9A1FFBAZ003K7"

TELLING = (
    ("serial number", f"error: device '{SERIAL}' not found", SERIAL),
    ("serial number", "[ro.serialno]: [R58M123ABCD]", "R58M123ABCD"),
    ("serial number", "androidboot.serialno=0123abcd", "0123abcd"),
    ("serial number", "Serial number: ZY22FX7H3K", "ZY22FX7H3K"),
    ("e-mail address", "Account {name=jane.doe+lab@corp.example.com, type=x}", "jane.doe+lab@corp.example.com"),
    ("phone number", "I call +84 912 345 678 now", "+84 912 345 678"),
    ("phone number", "tel:+14155550132", "+14155550132"),
    ("phone number", "(415) 555-0132 is her number", "(415) 555-0132"),
    ("phone number", "正在拨打 13812345678。", "13812345678"),
    ("phone number", "Calling room 12, 138-1234-5678", "138-1234-5678"),
    ("device number", "IMEI: 352099001761481", "352099001761481"),
    ("device number", "the phone says 352099001761481", "352099001761481"),
    ("MAC address", "wlan0 HWaddr 3c:5a:b4:01:02:03", "3c:5a:b4:01:02:03"),
    ("IP address", "10.0.0.7:5555: connection refused", "10.0.0.7"),
    ("IP address", "inet 192.168.1.7/24", "192.168.1.7"),
    ("network name", 'SSID: "Jane\'s home"', "Jane's home"),
    ("secret", "Authorization: Bearer abc.def-1234567890", "abc.def-1234567890"),
    ("secret", "authorization: Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA=="),
    ("secret", "x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVPmB92K27uhbUJU1p1r y", "eyJhbGciOiJIUzI1NiJ9"),
    ("secret", "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
    ("secret", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
    ("secret", "password=hunter2&x=1", "hunter2"),
    ("secret", '{"password": "correct horse"}', "correct horse"),
    ("secret", r'{\"api_key\":\"abc\"}', "abc"),
    ("secret", "your password is hunter2!", "hunter2"),
    ("secret", "https://x/?key=AbCd1234EfGh5678IjKl", "AbCd1234EfGh5678IjKl"),
    ("secret", "http://jane:s3cret@10.1.1.1/x", "jane:s3cret"),
    ("secret", "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAK\n-----END RSA PRIVATE KEY-----\n", "IBAAK"),
)  # fmt: skip
"""(what it is, a text, what of it must go)."""

FIGURES = (
    "total_ms: expected at most 300 ms, found 412.3 ms",
    '11-29 07:12:46.123  1234  5678 I AssistantEvent: {"v":1,"turn":3,"event":"token","ns":352099001761481,"n":3}',
    "1764400000.123456789  1234  1234 I Tag: message",
    "qwen2.5-1.5b-instruct-q4_k_m.gguf, version 1.0.14.0, HyperOS 1.0.5.0.UMVCNXM, SM8550-AB",
    "Xiaomi/ishtar_global/ishtar:14/UKQ1.230804.001/V816.0.5.0:user/release-keys",
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "suites/smoke/weather_en.yaml::Weather[Xiaomi 13, rack-7]",
    "key=KEYCODE_BACK token=android.os.BinderProxy@1f2e3d4c serial console",
    "password: please enter it; the token is short; the key to success",
    "emulator-5554 and 127.0.0.1:5555",
    "12+34=46, 1.5 + 0.25, 2026-11-29T07:12:46+0700, +15000 ms, 8-13812345678",
    "3 of 10 000, 1 234 567 890 bytes, 13812345678 ns, [13812345678, 13912345678]",
    "Beijing 2026: 35 °C, 010 degrees; the year 1234 5678",
)
"""Texts of which nothing may go."""


@pytest.mark.parametrize(("kind", "text", "gone"), TELLING)
def test_what_tells_of_people_and_units_is_taken_out(kind: str, text: str, gone: str) -> None:
    """It is gone, what it was stands there, and it is counted; the rest of the text stays."""
    redactor = Redactor([SERIAL])
    clean = redactor.text(text)
    assert (gone in clean, f"[redacted {kind}]" in clean, dict(redactor.counts)) == (False, True, {kind: 1})


@pytest.mark.parametrize("text", FIGURES)
def test_figures_and_versions_survive(text: str) -> None:
    """Nothing of a report's own figures looks like a number of a person."""
    assert Redactor([SERIAL]).text(text) == text


@given(
    st.integers(0, 10**16), st.sampled_from(["{} ns", "ns={}", '"ns": {},', '"ns":{}', "[{}, 1]", "{}.5", "at {}ms"])
)
def test_device_times_survive(ns: int, form: str) -> None:
    """However long a handset is up, a time is no phone number and no IMEI."""
    assert Redactor().text(form.format(ns)) == form.format(ns)


@given(st.floats(0, 1e7), st.sampled_from(["{:.4g} ms", "found {:.1f} tokens", "{:g} MB", "{:.3f} °C", "{:e}"]))
def test_measured_values_survive(value: float, form: str) -> None:
    """In whatever unit."""
    assert Redactor().text(form.format(value)) == form.format(value)


@given(st.lists(st.sampled_from([text for _, text, _ in TELLING] + list(FIGURES)) | st.text(max_size=20), max_size=5))
@settings(max_examples=60)
def test_twice_is_as_good_as_once(parts: list[str]) -> None:
    """What stands in place of something tells nothing, and is left alone."""
    once = Redactor([SERIAL]).text("\n".join(parts))
    again = Redactor([SERIAL])
    assert (again.text(once), dict(again.counts)) == (once, {})


@pytest.mark.parametrize(
    "text", [*HOSTILE.values(), "1" * 50_000, "a@" * 20_000, "+1 " * 20_000, "key=" * 20_000, ":" * 50_000]
)
def test_no_text_takes_long(text: str) -> None:
    """Nor fails: no pattern goes over a text again and again. (pytest-timeout ends one that does.)"""
    assert isinstance(Redactor([SERIAL]).text(text), str)


def test_what_is_no_text_is_left_byte_for_byte() -> None:
    """Sounds, pictures, archives; also text with bytes that are not UTF-8."""
    redactor = Redactor([SERIAL])
    for name, content in (
        ("a.wav", b"RIFF" + SERIAL.encode()),
        ("a.zip", b"x@y.example.com"),
        ("a.txt", b"\0a@y.example.com"),
    ):
        piece = Evidence("x", name, content)
        assert redactor.evidence(piece) is piece
    assert redactor.content(b"\xff" + SERIAL.encode()) == b"\xff[redacted serial number]"


def test_not_redacting_changes_nothing() -> None:
    """`--no-redact`."""
    redactor = Redactor([SERIAL], active=False)
    unit = _unit()
    assert ([redactor.text(text) for _, text, _ in TELLING], redactor.record(unit)) == (
        [text for _, text, _ in TELLING], unit,
    )  # fmt: skip


def _unit() -> Unit:
    handset = HandsetIdentity("fold", SERIAL, "Xiaomi", "MIX Fold 3", "SM8550", "14", 34, 16, True, True, "fp")
    return Unit(f"suites/x.yaml::{SERIAL}", "Weather", "suites/x.yaml", handset, BuildIdentity("b", "1", "p", "m"))


def test_a_record_loses_them_wherever_they_stand() -> None:
    """In turns, checks, reasons, spans, instants and evidence; ids, times and samples stay. The serial is learned."""
    check = Check("contains", Verdict.FAIL, "x", f"found {SERIAL}")
    turn = TurnRecord(1, "call +84 912 345 678", "en", "ui", None, "mail a@b.example.com", S, 2 * S, checks=(check,))
    series = {"rss_mb": Series("rss_mb", "MB", ((S, 1.0),))}
    told = {"spans": (Span("turn", SERIAL, S, S),), "instants": (Instant("reboot", SERIAL, S),), "notes": (SERIAL,)}
    trace = replace(Trace(ClockFit(0, 1), 0, 3 * S, series), **told)  # type: ignore[arg-type]
    log = Evidence("logcat", "logcat.txt", f"{SERIAL} said".encode())
    event = RepetitionFinished(_unit(), Repetition(1, 1, (turn,), trace, Verdict.FAIL, (SERIAL,), (log,)))
    clean = Redactor().record(event)
    assert clean.unit.id == event.unit.id
    assert SERIAL not in re.sub(re.escape(event.unit.id), "", repr(clean)).replace("b'", "'")
    assert clean.repetition.evidence[0].content == b"[redacted serial number] said"
    assert clean.repetition.turns[0].asked == "call [redacted phone number]"
    assert clean.repetition.trace is not None
    assert clean.repetition.trace.series is series


def test_each_passage_is_counted_once() -> None:
    """However deep it lies, and however many records tell of it."""
    redactor = Redactor([SERIAL])
    reasons = ("a@b.example.com", "fine", f"{SERIAL} is gone")
    repetition = Repetition(
        1, 1, (), None, Verdict.LAB, reasons, evidence=(Evidence("e", "e.txt", b"c@d.example.com"),)
    )
    for _ in range(3):
        redactor.record(RepetitionFinished(_unit(), repetition))
    assert dict(redactor.take()) == {"e-mail address": 2, "serial number": 1}
    assert dict(redactor.take()) == {}


def test_a_record_without_any_is_the_same_object() -> None:
    """Nothing is copied for nothing: traces are large."""
    trace = Trace(ClockFit(0, 1), 0, 3 * S, {"rss_mb": Series("rss_mb", "MB", ((S, 1.0),))})
    repetition = Repetition(1, 1, (), trace, Verdict.PASS, ("fine",))
    assert Redactor().record(repetition) is repetition


def test_conclusions_keep_their_ids() -> None:
    """A run is continued by them."""
    told = Conclusion(SERIAL, Verdict.LAB, (f"{SERIAL} is gone",), "fold", "MIX Fold 3")
    assert Redactor([SERIAL]).record(told) == replace(told, reasons=("[redacted serial number] is gone",))


def test_every_text_of_an_account_is_looked_at() -> None:
    """But for the fields by which it is found."""
    assert set(telling(RunAccount)) == {"head", "handsets", "tests", "lab"}
    looked = {field.name for field in fields(Repetition)} - set(telling(Repetition))
    assert looked == {"number", "attempt", "verdict"}


def test_every_kind_has_words() -> None:
    """What a report says of how much was taken out."""
    assert {kind for kind, _, _ in TELLING} == set(WORDS.values())
