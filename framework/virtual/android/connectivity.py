"""The radios and the network interfaces: which are up, their addresses, and the bytes that went over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import Literal

from framework.virtual.android.settings import Settings
from framework.virtual.clock import DeviceClock

Radio = Literal["wifi", "data", "bluetooth", "nfc"]
SETTING_OF: Mapping[Radio, str] = MappingProxyType(
    {"wifi": "wifi_on", "data": "mobile_data", "bluetooth": "bluetooth_on", "nfc": "nfc_on"}
)
"""Where Android remembers in the global settings that a radio is on."""

SSID = "farm"
"""The Wi-Fi network that the handset is in."""

CHATTER_NS = 500_000_000
"""What nobody asked for - broadcasts, keep-alives - comes this often on the interface that carries the traffic."""

RECEIVED_BYTES, SENT_BYTES = 134, 90


@dataclass(frozen=True, slots=True)
class Counters:
    """Bytes and packets that an interface has carried, by the kernel's count (rtnl_link_stats64)."""

    rx_bytes: int = 0
    rx_packets: int = 0
    tx_bytes: int = 0
    tx_packets: int = 0


AT_BOOT = Counters(rx_bytes=6 << 20, rx_packets=5720, tx_bytes=700 << 10, tx_packets=4200)
"""What a phone has loaded over Wi-Fi until its launcher is there."""


@dataclass(slots=True)
class Interface:
    """One network interface; `address` is its IPv4 address with the length of the prefix, while it is up."""

    name: str
    index: int
    mtu: int
    up: bool
    mac: str | None = None
    address: str | None = None
    address6: str | None = None
    carried: Counters = field(default_factory=Counters)
    carries_since_ns: int | None = None
    """Since when it carries the traffic; what it had carried before is in `carried`."""

    def counters(self, at_ns: int) -> Counters:
        """What it has carried until a moment, none before it began to carry the traffic."""
        if self.carries_since_ns is None:
            return self.carried
        times = max(0, at_ns - self.carries_since_ns) // CHATTER_NS
        return Counters(
            self.carried.rx_bytes + times * RECEIVED_BYTES,
            self.carried.rx_packets + times,
            self.carried.tx_bytes + times * SENT_BYTES,
            self.carried.tx_packets + times,
        )

    @property
    def ip(self) -> str:
        """The IPv4 address alone."""
        return (self.address or "").partition("/")[0]


class Connectivity:
    """Radios of one handset, told by the global settings, and its interfaces, which follow them."""

    def __init__(self, clock: DeviceClock, settings: Settings, seed: str, *, modem: str) -> None:
        digest = sha256(f"connectivity:{seed}".encode()).digest()
        self._clock = clock
        self._settings = settings
        host = 20 + digest[0] % 200
        mac = ":".join(f"{byte:02x}" for byte in (digest[1] & 0xFC | 0x02, *digest[2:7]))
        self._lo = Interface("lo", 1, 65536, True, "00:00:00:00:00:00", "127.0.0.1/8", "::1/128")
        self._wlan = Interface("wlan0", 27, 1500, False, mac, f"192.168.31.{host}/24", _link_local(mac))
        self._modem = Interface(modem, 14, 1500, True, None, f"10.{digest[7]}.{digest[8]}.{2 + digest[9] % 250}/30")
        self._wlan.carried = AT_BOOT
        self._grounded: list[Radio] = []
        self._all = (self._lo, self._modem, self._wlan)
        self._follow()
        settings.listen(self._setting_changed)

    def enabled(self, radio: Radio) -> bool:
        return self._settings.get("global", SETTING_OF[radio]) == "1"

    def enable(self, radio: Radio, on: bool) -> None:
        """Switch a radio; the interfaces are up or down at once."""
        self._settings.put("global", SETTING_OF[radio], str(int(on)))

    def airplane(self, on: bool) -> None:
        """Airplane mode: the radios are off, and those that were on come back after it."""
        self._settings.put("global", "airplane_mode_on", str(int(on)))
        if on:
            self._grounded = [radio for radio in SETTING_OF if radio != "nfc" and self.enabled(radio)]
        for radio in self._grounded:
            self.enable(radio, not on)

    @property
    def carrier(self) -> Interface | None:
        """The interface that the traffic goes over: Wi-Fi if it is on, else the modem, else none."""
        return next((each for each in self.interfaces() if each.carries_since_ns is not None), None)

    @property
    def gateway(self) -> str | None:
        """The router of the interface that carries the traffic."""
        carrier = self.carrier
        if carrier is None:
            return None
        net, _, last = carrier.ip.rpartition(".")
        return f"{net}.1" if carrier is self._wlan else f"{net}.{int(last) ^ 1}"

    def restart(self) -> None:
        """The handset was restarted, and its clock with it: the counters are the kernel's, and begin anew."""
        for each in self._all:
            each.carried, each.carries_since_ns = AT_BOOT if each is self._wlan else Counters(), None
        self._follow()

    def _setting_changed(self, namespace: str, key: str) -> None:
        """Whoever wrote it."""
        if namespace == "global" and key in SETTING_OF.values():
            self._follow()

    def _follow(self) -> None:
        """Bring the interfaces where the settings say that the radios are."""
        self._wlan.up = self.enabled("wifi")
        now_ns = self._clock.now_ns()
        carrier = self._wlan if self._wlan.up else self._modem if self.enabled("data") else None
        for each in self._all:
            if (each is carrier) != (each.carries_since_ns is not None):
                each.carried = each.counters(now_ns)
                each.carries_since_ns = now_ns if each is carrier else None

    def interfaces(self) -> tuple[Interface, ...]:
        """All of them as they are now, in the kernel's order."""
        return self._all

    def has_address(self, interface: Interface) -> bool:
        """The modem's has one only while it has a data call."""
        return interface.up and (interface is not self._modem or interface is self.carrier)

    def truth_values(self, at_ns: int) -> dict[str, float]:
        """Bytes by interface until a moment, as `wlan0_rx_bytes`; the loopback's are none of the network's."""
        values: dict[str, float] = {}
        for each in (self._wlan, self._modem):
            count = each.counters(at_ns)
            values |= {f"{each.name}_rx_bytes": count.rx_bytes, f"{each.name}_tx_bytes": count.tx_bytes}
        return values


def _link_local(mac: str) -> str:
    """The modified EUI-64 address (RFC 4291, appendix A)."""
    parts = [int(byte, 16) for byte in mac.split(":")]
    parts[0] ^= 2
    words = [*parts[:3], 0xFF, 0xFE, *parts[3:]]
    return (
        "fe80::" + ":".join(f"{high << 8 | low:x}" for high, low in zip(words[::2], words[1::2], strict=True)) + "/64"
    )
