"""Intents on the command line: read as `am` does, written as Android logs them (android.content.Intent)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from framework.formats.apk import LAUNCHER, MAIN, full_name
from framework.virtual.android.arguments import ArgumentError, Arguments
from framework.virtual.apps.base import Extra, Intent

OptionReader = Callable[[str, Arguments], bool]
"""Takes an option that is none of an intent's; False where it is unknown."""

WITHOUT_EFFECT = frozenset(
    f"--{name}"
    for name in (
        "activity-brought-to-front",
        "activity-clear-task",
        "activity-clear-top",
        "activity-no-animation",
        "activity-no-history",
        "activity-reorder-to-front",
        "activity-single-top",
        "exclude-stopped-packages",
        "grant-read-uri-permission",
        "grant-write-uri-permission",
        "include-stopped-packages",
        "receiver-foreground",
        "receiver-registered-only",
    )
)
"""Flags of Intent.parseCommandArgs that change nothing here: an app has one activity, always brought to the front."""

OVERVIEW = "com.miui.home.OVERVIEW"
"""The action that shows the app switcher: in today's launchers a state of their activity."""

TRUE, FALSE = ("true", "t"), ("false", "f")


@dataclass(slots=True)
class _Draft:
    action: str | None = None
    package: str | None = None
    component: str | None = None
    data: str | None = None
    extras: dict[str, Extra] = field(default_factory=dict)
    categories: set[str] = field(default_factory=set)
    flags: int = 0

    def finish(self) -> Intent:
        return Intent(
            action=self.action,
            package=self.package,
            component=self.component,
            extras=dict(self.extras),
            data=self.data,
            categories=frozenset(self.categories),
            flags=self.flags,
        )


def parse_intent(arguments: Arguments, other: OptionReader) -> Intent:
    """The intent that the words describe (Intent.parseCommandArgs). ArgumentError for what `am` refuses."""
    draft = _Draft()
    while (option := arguments.option()) is not None:
        if not _read(draft, option, arguments) and not other(option, arguments):
            raise ArgumentError(f"Unknown option: {option}")
    _read_target(draft, arguments.argument())
    if draft == _Draft():
        raise ArgumentError("No intent supplied")
    return draft.finish()


def _read(draft: _Draft, option: str, arguments: Arguments) -> bool:
    match option:
        case "-a":
            draft.action = arguments.required()
        case "-c":
            draft.categories.add(arguments.required())
        case "-d":
            draft.data = arguments.required()
        case "-n":
            draft.component = full_component(arguments.required())
        case "-p":
            draft.package = arguments.required()
        case "-f":
            draft.flags = arguments.number()
        case "-t" | "-i":
            arguments.required()
        case _ if option in WITHOUT_EFFECT:
            pass
        case _:
            return _read_extra(draft, option, arguments)
    return True


def _read_extra(draft: _Draft, option: str, arguments: Arguments) -> bool:
    readers: dict[str, Callable[[], Extra]] = {
        "-e": arguments.required,
        "--es": arguments.required,
        "--eu": arguments.required,
        "--ei": arguments.number,
        "--el": arguments.number,
        "--ef": lambda: _real(arguments.required()),
        "--ed": lambda: _real(arguments.required()),
        "--ez": lambda: _flag(arguments.required()),
    }
    if option == "--esn":
        draft.extras.pop(arguments.required(), None)
    elif option in readers:
        name = arguments.required()
        draft.extras[name] = readers[option]()
    else:
        return False
    return True


def _read_target(draft: _Draft, word: str | None) -> None:
    """A last word without option: a component, a URI, or a package to be launched."""
    if word is None:
        return
    if ":" in word:
        draft.data = word
    elif "/" in word:
        draft.component = full_component(word)
    else:
        draft.package = word
    if draft.data is None and draft.action is None:
        draft.action = MAIN
        draft.categories.add(LAUNCHER)


def full_component(text: str) -> str:
    """`package/fully.qualified.Class` of a component that may be written short; ArgumentError for what is none."""
    package, slash, cls = text.partition("/")
    if not slash or not package or not cls:
        raise ArgumentError(f"Bad component name: {text}")
    return f"{package}/{full_name(package, cls) if cls.startswith('.') else cls}"


def _real(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise ArgumentError(f'For input string: "{word}"') from None


def _flag(word: str) -> bool:
    if word.lower() in TRUE or word.lower() in FALSE:
        return word.lower() in TRUE
    try:
        return int(word, 0) != 0
    except ValueError:
        raise ArgumentError(f"Invalid boolean value: {word}") from None


def short_component(component: str) -> str:
    """`pkg/.Class` where the class lies in the package (ComponentName.flattenToShortString)."""
    package, _, cls = component.partition("/")
    return f"{package}/{cls.removeprefix(package)}" if cls.startswith(f"{package}.") else component


def intent_text(intent: Intent) -> str:
    """What Intent.toShortString puts between the braces."""
    parts = [f"act={intent.action}"] if intent.action else []
    parts += [f"cat=[{','.join(sorted(intent.categories))}]"] if intent.categories else []
    parts += [f"dat={intent.data}"] if intent.data else []
    parts += [f"flg=0x{intent.flags:x}"] if intent.flags else []
    parts += [f"pkg={intent.package}"] if intent.package else []
    parts += [f"cmp={short_component(intent.component)}"] if intent.component else []
    parts += ["(has extras)"] if intent.extras else []
    return " ".join(parts)
