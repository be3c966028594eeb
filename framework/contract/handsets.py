"""`devices.yaml`: the handsets that a farm owns."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from framework.contract.record import Record

PROFILES: tuple[str, ...] = ("xiaomi-mix-fold-3", "xiaomi-13", "xiaomi-12", "xiaomi-11", "xiaomi-10")
"""The emulated handsets that there are."""


def _profile(value: str) -> str:
    if value not in PROFILES:
        raise ValueError(f"no such profile; there are {', '.join(PROFILES)}")
    return value


def _host_port(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError("expected HOST:PORT, for example 10.0.0.7:5555")
    return value


HostPort = Annotated[str, AfterValidator(_host_port)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)]
Speed = Annotated[float, Field(gt=0, le=200)]


class _Handset(Record):
    name: Name = Field(description="How people and reports call this handset; unique in the file")
    tags: tuple[str, ...] = Field(default=(), description="Free words that scenarios can ask for")
    appium: str | None = Field(
        default=None, pattern=r"^https?://", description="URL of the Appium server to use for it"
    )


class VirtualHandset(_Handset):
    """A handset emulated in this process's child, on loopback."""

    model_config = ConfigDict(title="virtual")
    kind: Literal["virtual"]
    profile: Annotated[str, AfterValidator(_profile), Field(json_schema_extra={"enum": list(PROFILES)})]
    speed: Speed | None = Field(default=None, description="Device time over host time; default: defaults.speed")
    seed: int = Field(default=0, description="Unit-to-unit variation of the emulated handset")


class UsbHandset(_Handset):
    """A handset that an adb server knows by its serial."""

    model_config = ConfigDict(title="usb")
    kind: Literal["usb"]
    serial: str = Field(min_length=1)
    adb: HostPort | None = Field(default=None, description="The adb server, HOST:PORT; default: the local one")


class TcpHandset(_Handset):
    """A handset whose adbd listens on the network; no adb binary is needed."""

    model_config = ConfigDict(title="tcp")
    kind: Literal["tcp"]
    address: HostPort


class AvdHandset(_Handset):
    """An Android emulator of this machine, by the name of its AVD."""

    model_config = ConfigDict(title="avd")
    kind: Literal["avd"]
    avd: str = Field(min_length=1)


Handset = Annotated[VirtualHandset | UsbHandset | TcpHandset | AvdHandset, Field(discriminator="kind")]


class Defaults(Record):
    speed: Speed = Field(default=1.0, description="Speed of virtual handsets that name none")


class Inventory(Record):
    """The whole file."""

    model_config = ConfigDict(title="devices.yaml")
    defaults: Defaults = Defaults()
    handsets: tuple[Handset, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Inventory:
        seen: set[str] = set()
        for index, handset in enumerate(self.handsets):
            if handset.name in seen:
                raise ValueError(f"handsets[{index}].name: {handset.name} is used twice")
            seen.add(handset.name)
        return self
