"""`devices.yaml`: the handsets that a farm owns."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

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


class _Handset(Record):
    name: Name = Field(description="How people and reports call this handset; unique in the file")
    tags: tuple[Text, ...] = Field(default=(), description="Free words that scenarios can ask for")
    appium: Appium | None = Field(
        default=None,
        description="Its Appium server: a URL, or auto for one of the farm's; default: defaults.appium, else auto",
    )
    prepare: bool = Field(default=True, description="Whether its settings may be changed for a run; given back after")
    reboot: bool = Field(
        default=False, description="Whether the farm may restart it where nothing else helps; virtual ones it may"
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
    seed: int = Field(default=0, description="Unit-to-unit variation of the emulated handset")
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
    adb: HostPort | None = Field(default=None, description="The adb server, HOST:PORT; default: the local one")


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


Handset = Annotated[VirtualHandset | UsbHandset | TcpHandset | AvdHandset, Field(discriminator="kind")]


class Defaults(Record):
    """What holds for every handset that does not say otherwise."""

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
            for key, identity in _identities(handset):
                if identity in seen:
                    message = f"{quoted(identity[-1])} is taken by handsets[{seen[identity]}]"
                    raise fault(message, at=("handsets", index, key))
                seen[identity] = index
        return self


def _identities(handset: VirtualHandset | UsbHandset | TcpHandset | AvdHandset) -> list[tuple[str, tuple[str, ...]]]:
    """(key, what no other handset of the file may have)."""
    found: list[tuple[str, tuple[str, ...]]] = [("name", ("name", handset.name))]
    if isinstance(handset, UsbHandset):
        found.append(("serial", ("usb", handset.adb or "", handset.serial)))
    elif isinstance(handset, TcpHandset):
        found.append(("address", ("tcp", handset.address)))
    elif isinstance(handset, AvdHandset):
        found.append(("avd", ("avd", handset.avd)))
    return found
