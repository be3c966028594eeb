"""What is taken out of the text of reports: secrets, accounts, phone numbers, serial and other numbers of a unit.

Unlike in a bundle, figures stand beside them here: device times in nanoseconds, versions, ids of tests. What looks like
a number of a person or a unit must not stand where a figure stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from framework.redaction.patterns import IDENTIFIERS, Pattern, is_address, is_imei

WORDS: Mapping[str, str] = {
    "secret": "secret",
    "serial": "serial number",
    "account": "e-mail address",
    "phone": "phone number",
    "number": "device number",
    "mac": "MAC address",
    "ipv4": "IP address",
    "ipv6": "IP address",
    "ssid": "network name",
}
"""Class → what stands in its place, between `[redacted ` and `]`."""

Hint = Callable[[str, str], bool]
"""A quick look at the text, as it is and in small letters: most texts are done with it."""


@dataclass(frozen=True, slots=True)
class Rule:
    hint: Hint
    looks: tuple[Pattern, ...]


_FIGURE_BEFORE = re.compile(r"(?:[\w\"')\]]\s*[:=]\s*|[\[({,#/*]\s*|\d[.:,-]?)$")
"""What stands before a figure: a name and a colon, a list, a fraction."""
_FIGURE_AFTER = re.compile(
    r"\s?(?:ns|us|µs|ms|s|min|h|b|[kmg]i?b|bytes|pages|tokens|m[avw]h?|[a-z]?hz|times|/s)\b|[.,:]?\d|\s?[%°×]"
)
_PHONE_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:tel|phone|mobile|msisdn|call|dial|sms|text)(?: ?number| ?no\.?)?|电话|手机号?|号码|拨打|打给)"
    r"[\s:：=\"'是]{0,4}$"
)
_ADDRESS_BEFORE = re.compile(r"\b(?:inet|addr|address|ip|dns|gateway|server|src|dst|host|via)\W{1,3}$")
_LOOK = 20
"""Characters beside a number that are looked at."""


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - _LOOK) : match.start()].lower()


def _has_unit(match: re.Match[str]) -> bool:
    return _FIGURE_AFTER.match(match.string[match.end() : match.end() + _LOOK].lower()) is not None


def _stands_alone(match: re.Match[str], found: str) -> bool:
    """Neither a name's value, nor one of a list, nor with a unit: no figure."""
    return _FIGURE_BEFORE.search(_before(match)) is None and not _has_unit(match)


def _is_phone(match: re.Match[str], found: str) -> bool:
    """No figure is written in such groups."""
    return not _has_unit(match) if any(letter in found for letter in " -(") else _stands_alone(match, found)


def _is_called(match: re.Match[str], found: str) -> bool:
    return _PHONE_BEFORE.search(_before(match)) is not None and not _has_unit(match)


def _is_bare_imei(match: re.Match[str], found: str) -> bool:
    return is_imei(match, found) and _stands_alone(match, found)


def _is_network(match: re.Match[str], found: str) -> bool:
    """Only where an address stands: versions of Android's vendors have four parts too."""
    stands = match["after"] is not None or _ADDRESS_BEFORE.search(_before(match)) is not None
    return stands and is_address(match, found, known=True)


def _is_random(match: re.Match[str], found: str) -> bool:
    """Letters and digits, and no name of a class or a file."""
    mixed = any(map(str.isdigit, found)) and any(map(str.isalpha, found))
    return mixed and re.fullmatch(r"[A-Za-z][\w-]*(?:[./][A-Za-z][\w-]*)+", found) is None


def _is_given(match: re.Match[str], found: str) -> bool:
    """What is assigned, or quoted; of what only follows a word and a colon what no language writes."""
    return match["assigned"] is not None or match["quote"] is not None or _is_random(match, found)


def _has_digit(match: re.Match[str], found: str) -> bool:
    return any(map(str.isdigit, found))


def _is_serial(match: re.Match[str], found: str) -> bool:
    return _has_digit(match, found) and len(set(found)) > 2


def _of_table(kind: str) -> Pattern:
    return next(pattern for pattern in IDENTIFIERS if pattern.kind == kind)


def _words(*words: str) -> Hint:
    def hint(text: str, small: str) -> bool:
        for word in words:  # noqa: SIM110  # a generator takes three times as long
            if word in small:
                return True
        return False

    return hint


def _pattern(
    kind: str, pattern: str, accepts: Callable[[re.Match[str], str], bool] = lambda match, found: True
) -> Pattern:
    return Pattern(kind, re.compile(pattern, re.IGNORECASE), accepts)


_MANY = re.compile(r"\d{7}|\d[ -]\d{3}|\) ?\d{3}")
_STRONG = (
    r"(?:pass(?:word|wd|phrase)|pwd|secret|(?:api|access|private)[_-]?key|"
    r"(?:access|auth|refresh|id|session|device)[_-]?token|cookie|密码)\\?[\"']?"
)
_STRONG_WORDS: tuple[str, ...] = (
    "passw",
    "passphrase",
    "pwd",
    "secret",
    "api_key",
    "api-key",
    "apikey",
    "access_key",
    "access-key",
)
_STRONG_WORDS += (
    "accesskey",
    "private_key",
    "private-key",
    "privatekey",
    "access_token",
    "access-token",
    "accesstoken",
)
_STRONG_WORDS += ("auth_token", "auth-token", "authtoken", "refresh_token", "refresh-token", "id_token", "id-token")
_STRONG_WORDS += ("session_token", "session-token", "device_token", "cookie", "密码")
_VALUE = r"[^\s\"'&;,<>\\)\]}]{3,256}"
_FORMATS = (
    *("eyJ[\\w-]{8,}\\.[\\w-]{6,}(?:\\.[\\w-]*)?", "(?:AKIA|ASIA)[0-9A-Z]{16}", "gh[pousr]_[A-Za-z0-9]{20,}"),
    *("github_pat_\\w{20,}", "glpat-[\\w-]{16,}", "xox[abeprs]-[\\w-]{10,}", "AIza[\\w-]{30,}", "ya29\\.[\\w-]{16,}"),
    *("sk-[\\w-]{20,}", "hf_[A-Za-z0-9]{20,}", "npm_[A-Za-z0-9]{30,}", "pypi-[\\w-]{40,}"),
)
"""JSON web tokens; keys of Amazon, GitHub, GitLab, Slack, Google, OpenAI and its like, Hugging Face, npm, PyPI."""
_BEGINNINGS: tuple[str, ...] = (
    "eyj",
    "akia",
    "asia",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xox",
    "aiza",
)
_BEGINNINGS += ("ya29.", "sk-", "hf_", "npm_", "pypi-")

BLOCKS = (
    Pattern("secret", re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]+-----|\Z)")),
)
"""What stands over several lines."""

RULES: tuple[Rule, ...] = (
    Rule(
        _words(*_BEGINNINGS),
        (Pattern("secret", re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(_FORMATS)})"), _has_digit),),
    ),
    Rule(
        _words("authorization", "bearer", "basic"),
        (
            _pattern(
                "secret",
                r"authorization\\?[\"']?\s{0,3}[:=]\s{0,3}\\?[\"']?(?:(?:bearer|basic|token|digest)\s+)?"
                r"(?P<id>[^\s\"',;\\]{4,})",
            ),
            _pattern("secret", r"\b(?:bearer|basic)\s+(?P<id>[A-Za-z0-9._~+/-]{12,}=*)", _has_digit),
        ),
    ),
    Rule(
        _words(*_STRONG_WORDS),
        (
            _pattern(
                "secret",
                rf"{_STRONG}\s{{0,3}}(?:(?P<assigned>=)|[:：是为]|is\b)\s{{0,3}}"
                rf"(?:\\?(?P<quote>[\"'])(?P<quoted>[^\"'\n\\]{{1,256}})|(?P<id>{_VALUE}))",
                _is_given,
            ),
        ),
    ),
    Rule(
        _words("token", "key", "sid", "signature"),
        (
            _pattern(
                "secret",
                r"(?:token|key|sid|signature)\\?[\"']?\s{0,3}[:=]\s{0,3}\\?[\"']?(?P<id>[A-Za-z0-9+/_.=-]{16,})",
                _is_random,
            ),
        ),
    ),
    Rule(
        lambda text, small: "@" in text,
        (
            _pattern("secret", r"(?<=://)(?P<id>[^\s/@:\"'<>]{1,64}:[^\s/@\"'<>]{1,128})(?=@)"),
            _of_table("account"),
        ),
    ),
    Rule(
        _words("serial"),
        (
            _pattern(
                "serial",
                r"(?<!redacted )\b(?:\w{1,24}[._])?serial(?:no|num|_?number| number| no\.?)?"
                r"[\"'\]]?\s{0,3}[:=\[]?[\s\[:=\"']{0,4}"
                r"(?P<id>(?=[A-Za-z0-9]{0,20}\d)[A-Za-z0-9]{6,20})(?![\w.:/-])",
                _is_serial,
            ),
        ),
    ),
    Rule(
        _words("ssid"),
        (_pattern("ssid", r"\bssid[=:]\s{0,3}\"?(?P<id>[^\s\",\r\n][^\",\r\n]{0,63})", _of_table("ssid").accepts),),
    ),
    Rule(
        _words("imei", "meid", "imsi", "iccid", "esn", "subscriber", "device_id", "deviceid", "line1"),
        (_of_table("number"),),
    ),
    Rule(lambda text, small: text.count(":") > 4, (_of_table("mac"),)),
    Rule(lambda text, small: "::" in text or text.count(":") > 6, (_of_table("ipv6"),)),
    Rule(
        lambda text, small: text.count(".") > 2,
        (_pattern("ipv4", r"(?<![\w.])(?P<id>(?:\d{1,3}\.){3}\d{1,3})(?![\w.])(?P<after>:\d{2,5}\b)?", _is_network),),
    ),
    Rule(
        lambda text, small: _MANY.search(text) is not None,
        (
            _pattern("number", r"(?<![\w.])(?:35|86|01|99|45)[0-9]{13}(?![\w.])", _is_bare_imei),
            _pattern("phone", r"(?<![\w+.])\+?\(?\d(?:(?:\) ?|[ (-])?\d){6,14}(?![\w]|\.\d)", _is_called),
            _pattern(
                "phone",
                r"(?<![\w+.-])(?:\+[1-9](?:(?:\) ?|[ (-])?\d){6,14}|\(0?\d{2,4}\)[ -]?\d{3,4}[ -]?\d{4}"
                r"|\d{3}-\d{3}-\d{4}|0\d{2,3}[ -]\d{3,4}[ -]\d{3,4}|1[3-9]\d(?:[ -]?\d{4}){2})(?![\w-]|\.\d)",
                _is_phone,
            ),
        ),
    ),
)
"""In this order: what one has replaced, the next does not see."""
