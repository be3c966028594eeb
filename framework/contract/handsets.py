"""`devices.yaml`: the handsets that a farm owns."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from framework.contract.needs import Postures
from framework.contract.record import Choice, Form, Record, Text, fault, quoted

PROFILES: tuple[str, ...] = ("xiaomi-mix-fold-3", "xiaomi-13", "xiaomi-12", "xiaomi-11", "xiaomi-10")
"""The emulated handsets that there are."""


def _host_port(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise fault(f"expected HOST:PORT, for example 10.0.0.7:5555, found {quoted(value)}")
    return value


HostPort = Annotated[str, AfterValidator(_host_port)]
Name = Annotated[
    str,
    Form(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "at most 64 letters, digits, dots, dashes and underscores"),
]
AUTO, EMBEDDED = "auto", "embedded"
"""An Appium server that the farm starts; the endpoint of its own that a virtual handset has."""
_URL = r"https?://[^\s/]+\S*"
Appium = Annotated[str, Form(rf"{AUTO}|{_URL}", "auto, or a URL such as http://127.0.0.1:4723")]
VirtualAppium = Annotated[
    str, Form(rf"{AUTO}|{EMBEDDED}|{_URL}", "auto, embedded, or a URL such as http://127.0.0.1:4723")
]
Variable = Annotated[str, Form(r"[A-Za-z_][A-Za-z0-9_]*", "the name of an environment variable, such as BENCH_PIN")]
Speed = Annotated[float, Field(gt=0, le=200)]
MOST = 200
"""Virtual handsets of one entry."""


class Stated(Record):
    """What is known of a handset before it is asked; where it says otherwise itself, that counts and is told."""

    model_config = ConfigDict(title="capabilities")
    model: Text | None = Field(default=None, description="Its name, such as Xiaomi 13")
    soc: Text | None = Field(default=None, description="Its processor, such as SM8550")
    ram_gb: Annotated[float, Field(gt=0)] | None = Field(default=None, description="Memory as it is sold, in GB")
    android: Annotated[str, Form(r"\d+(\.\d+){0,2}", "a release such as 14 or 8.1")] | None = Field(
        default=None, description="Release of Android, such as 14"
    )
    system: Text | None = Field(default=None, description="The vendor's system, such as HyperOS or HyperOS 1.0")
    foldable: bool | None = Field(default=None, description="Whether it folds")
    fold_states: Postures | None = Field(
        default=None, description="Postures it can take (default: all of them where it folds, else none)"
    )
    free_gb: Annotated[float, Field(ge=0)] | None = Field(
        default=None, description="Free storage in GB (10^9 bytes) that `farm plan` may count on"
    )

    @model_validator(mode="after")
    def _folds_if_it_has_postures(self) -> Self:
        if self.foldable is False and self.fold_states:
            raise fault("either foldable: false, or fold_states, not both")
        return self


class _Handset(Record):
    name: Name = Field(description="How people and reports call this handset; unique in the file")
    tags: tuple[Text, ...] = Field(
        default=(), description="Free words that scenarios can ask for, beside defaults.tags"
    )
    appium: Appium | None = Field(
        default=None,
        description="Its Appium server: a URL, or auto for one of the farm's; default: defaults.appium, else auto",
    )
    prepare: bool | None = Field(
        default=None,
        description="Whether its settings may be changed for a run; given back after; default: defaults.prepare",
    )
    reboot: bool | None = Field(
        default=None,
        description="Whether the farm may restart it where nothing else helps; virtual ones it may; "
        "default: defaults.reboot",
    )
    capabilities: Stated = Field(
        default=Stated(), description="What is known of it; what it says otherwise itself is told"
    )
    pin_from: Variable | None = Field(default=None, description="Environment variable with the PIN of its screen lock")


class VirtualHandset(_Handset):
    """A handset emulated in this process's child, on loopback."""

    model_config = ConfigDict(title="virtual")
    kind: Literal["virtual"] = Field(description="An emulated handset")
    appium: VirtualAppium | None = Field(
        default=None,
        description="Its Appium server: a URL, auto for one of the farm's, or embedded for the endpoint of its own; "
        "default: defaults.appium, else embedded",
    )
    profile: Annotated[str, Choice("profile", PROFILES)] = Field(description="The handset that is emulated")
    speed: Speed | None = Field(default=None, description="Device time over host time; default: defaults.speed")
    seed: int = Field(default=0, description="Unit-to-unit variation of the emulated handset; with count, of the first")
    count: Annotated[int, Field(ge=1, le=MOST)] | None = Field(
        default=None,
        description="So many of them, called NAME-1, NAME-2 and so on, each a unit of its own with the next seed",
    )
    plugged: bool = Field(default=True, description="On a computer's USB port; unplugged, its energy can be measured")
    auth: Literal["open", "accept", "ask", "tls"] = Field(
        default="open",
        description="Whom its adbd lets in: everybody; every computer, with its key remembered; or those accepted "
        "on its screen or by `farm virtual auth`; or, as with wireless debugging, those that speak TLS (an adb server)",
    )


class UsbHandset(_Handset):
    """A handset that an adb server knows by its serial."""

    model_config = ConfigDict(title="usb")
    kind: Literal["usb"] = Field(description="A handset of an adb server")
    serial: Text = Field(description="Serial, as `adb devices` prints it")
    adb: HostPort | None = Field(
        default=None, description="Its adb server, HOST:PORT; default: defaults.adb, else the local one"
    )


class TcpHandset(_Handset):
    """A handset whose adbd listens on the network; no adb binary is needed."""

    model_config = ConfigDict(title="tcp")
    kind: Literal["tcp"] = Field(description="A handset on the network")
    address: HostPort = Field(description="Its adbd, HOST:PORT")


class AvdHandset(_Handset):
    """An Android emulator of this machine, by the name of its AVD."""

    model_config = ConfigDict(title="avd")
    kind: Literal["avd"] = Field(description="An Android emulator")
    avd: Text = Field(description="Name of the AVD, as `emulator -list-avds` prints it")
    boot_within_s: Annotated[float, Field(gt=0, le=3600)] = Field(
        default=300.0, description="How long it may take to boot, in seconds"
    )


class AdbHandsets(_Handset):
    """All handsets that an adb server knows, on this machine or another, found when they are needed."""

    model_config = ConfigDict(title="adb")
    kind: Literal["adb"] = Field(description="All handsets of an adb server, called NAME-MODEL")
    adb: HostPort | None = Field(
        default=None, description="The adb server, HOST:PORT; default: defaults.adb, else the local one"
    )


Handset = Annotated[VirtualHandset | UsbHandset | TcpHandset | AvdHandset | AdbHandsets, Field(discriminator="kind")]


class Defaults(Record):
    """What holds for every handset that does not say otherwise."""

    tags: tuple[Text, ...] = Field(default=(), description="Tags of every handset, beside its own")
    prepare: bool = Field(default=True, description="Whether settings may be changed for a run; given back after")
    reboot: bool = Field(default=False, description="Whether handsets may be restarted where nothing else helps")
    adb: HostPort | None = Field(
        default=None, description="Adb server of handsets of kind usb and adb that name none; default: the local one"
    )
    speed: Speed = Field(default=1.0, description="Speed of virtual handsets that name none")
    appium: Appium | None = Field(
        default=None,
        description="Appium server of handsets that name none: a URL, or auto for one of the farm's; "
        "default: auto, but embedded for virtual handsets",
    )


class Inventory(Record):
    """The handsets of a farm."""

    model_config = ConfigDict(title="devices.yaml")
    defaults: Defaults = Field(default=Defaults(), description="What holds for every handset")
    handsets: tuple[Handset, ...] = Field(min_length=1, description="The handsets, in order of preference")

    @model_validator(mode="after")
    def _each_handset_once(self) -> Inventory:
        seen: dict[tuple[str, ...], int] = {}
        for index, handset in enumerate(self.handsets):
            for key, identity in _identities(handset, self.defaults.adb):
                if identity in seen:
                    message = f"{quoted(identity[-1])} is taken by handsets[{seen[identity]}]"
                    raise fault(message, at=("handsets", index, key))
                seen[identity] = index
        return self


def names_of(handset: Handset) -> tuple[str, ...]:
    """The names that an entry of the file stands for."""
    if not isinstance(handset, VirtualHandset) or handset.count is None:
        return (handset.name,)
    return tuple(f"{handset.name}-{number}" for number in range(1, handset.count + 1))


def _identities(handset: Handset, adb: str | None) -> list[tuple[str, tuple[str, ...]]]:
    """(key, what no other handset of the file may have); `adb`: the server of those that name none."""
    found: list[tuple[str, tuple[str, ...]]] = [("name", ("name", name)) for name in names_of(handset)]
    match handset:
        case UsbHandset():
            found.append(("serial", ("usb", handset.adb or adb or "", handset.serial)))
        case TcpHandset():
            found.append(("address", ("tcp", handset.address)))
        case AvdHandset():
            found.append(("avd", ("avd", handset.avd)))
        case AdbHandsets():
            server = handset.adb or adb or ""
            found.append(("adb", ("adb", server, server or "the local adb server")))
        case _:
            pass
    return found
