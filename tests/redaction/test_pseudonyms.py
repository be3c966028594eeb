"""Identifiers become pseudonyms; nothing else changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.redaction.pseudonyms import PSEUDONYMS, is_pseudonym, redact

IMEI = "352099001761481"


def clean(text: str, **known: list[str]) -> str:
    return redact({"text": text}, known)["text"]


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("mail jin.wei+x@mail.example.com now", "mail account1@example.invalid now"),
        ("wlan0: 3c:28:6d:AB:cd:01 up", "wlan0: 02:00:00:00:00:01 up"),
        ("inet 10.0.4.17/24 brd 10.0.4.255", "inet 192.0.2.1/24 brd 192.0.2.2"),
        ("connected to 52.85.1.9:443 by", "connected to 192.0.2.1:443 by"),
        ("via 100.72.3.4 dev rmnet0", "via 192.0.2.1 dev rmnet0"),
        ("gateway: 8.8.4.4", "gateway: 192.0.2.1"),
        ("inet6 fe80::3e28:6dff:feab:cd01/64", "inet6 2001:db8::1/64"),
        ("2400:dd01:100f:2:72e3:9d0:2c3a:11 x", "2001:db8::1 x"),
        ('SSID: "Jin at home", BSSID: 3c:28:6d:ab:cd:02', 'SSID: "redacted-ssid-1", BSSID: 02:00:00:00:00:01'),
        (f"[ro.ril.oem.imei1]: [{IMEI}]", "[ro.ril.oem.imei1]: [000000000000001]"),
        (f"seen {IMEI}.", f"seen {IMEI}."),
        (f"seen {IMEI} there", "seen 000000000000001 there"),
        ("imsi=460001234567890", "imsi=000000000000001"),
        ("call +86 138 1234 5678 now", "call +999000000001 now"),
        ("id 7e57d004-2b97-0e7a-b45f-5387367791cd", "id 00000000-0000-0000-0000-000000000001"),
    ],
)
def test_each_kind_is_recognised(text: str, redacted: str) -> None:
    """In the places where handsets print it."""
    assert clean(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "[ro.build.fingerprint]: [Xiaomi/babylon/babylon:14/UKQ1.230804.001/V816.0.9.0.UMVCNXM:user/release-keys]",
        "versionName=124.0.6367.179 OS1.0.14.0 V10.0.4.17",
        "android.hardware.audio@7.0-service android.hidl.manager@1.2::IServiceManager/default",
        "Window{a1b2c3 u0 com.android.settings/.Settings} java.lang.Object@1a2b3c4",
        "127.0.0.1:5037 0.0.0.0 255.255.255.0 02:00:00:00:00:00 00:00:00:00:00:00 ::1",
        "12-31 23:59:59.999  1234  1234 I Tag: std::vector a::b 12:34:56",
        "duration: +12s345ms (+7h) 1700000000.123456 48 123456789012345",
        "",
    ],
)
def test_what_identifies_nobody_stays(text: str) -> None:
    """Builds, versions, services, times."""
    assert clean(text) == text


def test_numbers_of_times_and_counts_stay() -> None:
    """A boot time in nanoseconds may look like an IMEI."""
    texts = {"gfxinfo": f"{IMEI},1,2", "getprop": f"x {IMEI} y"}
    assert redact(texts, {}, frozenset({"gfxinfo"})) == {"gfxinfo": texts["gfxinfo"], "getprop": "x 000000000000001 y"}


def test_known_words_are_replaced_as_a_whole_and_the_longest_first() -> None:
    """Not inside other words; too short ones would be everywhere."""
    known = {"serial": ["8A1FFB", "8A1FFB-2", "1"], "app": ["com.jin.chat"]}
    text = "8A1FFB 8A1FFB-2 x8A1FFB 1 com.jin.chat:push com.jin.chatter"
    assert clean(text, **known) == "REDACTED0001 REDACTED0002 x8A1FFB 1 redacted.app1:push com.jin.chatter"


def test_the_same_word_has_the_same_pseudonym_in_every_text() -> None:
    """Also where it is written in other letters, as addresses are."""
    texts = {"a": "3C:28:6D:AB:CD:01", "b": "3c:28:6d:ab:cd:02 3c:28:6d:ab:cd:01"}
    assert redact(texts, {}) == {"a": "02:00:00:00:00:01", "b": "02:00:00:00:00:02 02:00:00:00:00:01"}


HEX = st.integers(0, 255).map("{:02x}".format)
WORD = st.text(alphabet="abcdefghijkmnopqrstuvwxyz", min_size=4, max_size=8)
IDENTIFIERS = st.one_of(
    st.tuples(st.just("3c"), *[HEX] * 5).map(":".join),
    st.integers(0, 2**16 - 1).map(lambda n: f"192.168.{n >> 8}.{n & 255}"),
    st.tuples(WORD, WORD).map(lambda words: f"{words[0]}@{words[1]}.com"),
    st.uuids(version=4).map(str),
    st.integers(0, 2**64 - 1).map(
        lambda n: f"fe80::{n >> 48:x}:{n >> 32 & 0xFFFF:x}:{n >> 16 & 0xFFFF:x}:{n & 0xFFFF:x}"
    ),
)
FILLER = st.sampled_from((" ", "\n", ", ", "\t", " battery 80 ", " level: 7\n"))
TEXTS = st.lists(st.tuples(FILLER, IDENTIFIERS), max_size=12)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_no_identifier_survives_and_each_has_one_pseudonym(pieces: list[tuple[str, str]]) -> None:
    """Among whatever else; two identifiers never share a pseudonym; lines stay lines."""
    text = "".join(filler + found for filler, found in pieces) + "\n"
    after = clean(text)
    assert [found for _, found in pieces if found in after] == []
    assert after.count("\n") == text.count("\n")
    words, found = after.split(), [word for _, word in pieces]
    pseudonyms = [word.rstrip(",") for word in words if is_pseudonym(word.rstrip(","))]
    assert len(pseudonyms) == len(found)
    assert len(set(zip(found, pseudonyms, strict=True))) == len(set(found)) == len(set(pseudonyms))


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.text(max_size=60))
def test_redacting_twice_is_redacting_once(pieces: list[tuple[str, str]], noise: str) -> None:
    """Pseudonyms are no identifiers."""
    once = clean(noise + " " + "".join(filler + found for filler, found in pieces))
    assert clean(once) == once


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abcxyz \n=[]().,", max_size=200))
def test_a_text_without_identifiers_is_left_alone(text: str) -> None:
    """Byte for byte."""
    assert clean(text) == text


@pytest.mark.parametrize("kind", PSEUDONYMS)
@pytest.mark.parametrize("number", [1, 255, 256, 70_000])
def test_pseudonyms_are_known_as_such(kind: str, number: int) -> None:
    """Of every kind, however many there are; all differ."""
    if kind == "ipv4" and number > 14_000:
        pytest.skip("no bundle names so many addresses")
    assert is_pseudonym(PSEUDONYMS[kind](number))
    assert PSEUDONYMS[kind](number) != PSEUDONYMS[kind](number + 1)
