"""What makes one model of handset: the facts that Android reports and the constants of its physics."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from framework.contract.record import Record

Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(gt=0, le=1)]
NodeName = Literal["die", "board", "skin", "battery"]


class Identity(Record):
    """Who the handset says it is: the values of ro.product.*."""

    manufacturer: str
    brand: str
    model: str
    market_name: str
    device: str
    product: str


class Build(Record):
    """The system image. `properties` go into getprop as they are, over what is derived from the profile.

    `system` is what its maker calls it, with the version.
    """

    release: str
    sdk: int
    id: str
    incremental: str
    system: str
    security_patch: str
    date_utc: int
    kernel: str
    properties: dict[str, str] = Field(default={})

    def fingerprint(self, identity: Identity) -> str:
        """ro.build.fingerprint: brand/product/device:release/id/incremental:type/tags."""
        who = f"{identity.brand}/{identity.product}/{identity.device}"
        return f"{who}:{self.release}/{self.id}/{self.incremental}:user/release-keys"


class Cluster(Record):
    """Cores that share a clock. `part` is the CPU part of /proc/cpuinfo (Arm's MIDR)."""

    cores: int
    part: str
    min_khz: int
    nominal_khz: int


class Soc(Record):
    """The processor. Rates are peaks; `bandwidth_share` and `maker_factor` say what decoding gets of them."""

    maker: str
    name: str
    model: str
    platform: str
    clusters: tuple[Cluster, ...]
    bandwidth_gbs: Positive = Field(description="Peak memory bandwidth, GB/s")
    bandwidth_share: Share = Field(description="Share of it that decoding reaches (0.55-0.65 measured)")
    maker_factor: Share = Field(description="What this maker's scheduling and limits leave of that")
    int8_gops: Positive = Field(description="Multiply-adds count two; what prefill reaches with 4 and 8 bit weights")
    efficient_threads: int = Field(description="Threads at which decoding is fastest")

    @property
    def cores(self) -> int:
        return sum(cluster.cores for cluster in self.clusters)

    def cluster_of(self, cpu: int) -> Cluster:
        """The cluster of CPU `cpu`; IndexError where there is no such CPU."""
        first = 0
        for cluster in self.clusters:
            if first <= cpu < first + cluster.cores:
                return cluster
            first += cluster.cores
        raise IndexError(f"cpu{cpu}")

    def first_cpu(self, wanted: Cluster) -> int:
        """The lowest CPU of a cluster: the number in its cpufreq policy's name."""
        return sum(cluster.cores for cluster in self.clusters[: self.clusters.index(wanted)])


class Memory(Record):
    """RAM as the kernel sees it, zram, and what the system takes for itself at rest; `sold_gb` stands on the box."""

    sold_gb: int
    total_mb: int
    swap_mb: int
    system_mb: int
    storage_gb: int


class Display(Record):
    """One panel. `id` is the logical display, `port` SurfaceFlinger's number of the panel."""

    id: int
    name: str
    port: int
    width: int
    height: int
    density: int
    refresh_hz: float


class Posture(Record):
    """One device state of DeviceStateManager. `device_posture` is the vendor's setting of that name."""

    id: int
    name: str
    display: int
    hinge_deg: int | None = None
    device_posture: int | None = None
    cooling: Positive = Field(default=1.0, description="Heat that leaves the skin, against the open handset")


class PowerDraw(Record):
    """Watts drawn by each kind of work at nominal clocks, over `idle` (screen on, system at rest)."""

    idle: Positive
    prefill: Positive
    decode: Positive
    listen: Positive
    speak: Positive


class HeatCapacity(Record):
    """Joules that warm each part by one kelvin."""

    die: Positive
    board: Positive
    skin: Positive
    battery: Positive


class Resistance(Record):
    """Kelvin between two parts for each watt that flows."""

    die_board: Positive
    board_skin: Positive
    board_battery: Positive
    battery_skin: Positive
    skin_air: Positive


class ThrottleStep(Record):
    """One step of the thermal engine: at either temperature, clocks are limited to `share` of nominal."""

    skin_c: float
    die_c: float
    share: Share


class Sensor(Record):
    """A temperature that the thermal HAL reports. `type` is HAL 2.0's TemperatureType, as the vendor has it.

    `absent` is what a HAL shows that lists a sensor which the handset does not have.
    """

    name: str
    type: int
    node: NodeName
    offset_c: float = 0.0
    step_c: Positive = 0.1
    absent: float | None = None
    hot_c: tuple[float | None, ...] = Field(min_length=7, max_length=7)


class Thermal(Record):
    """The RC network, the steps of throttling, and what can be read of it."""

    ambient_c: float
    heat_j_per_k: HeatCapacity
    resistance_k_per_w: Resistance
    steps: tuple[ThrottleStep, ...]
    hysteresis_c: Positive
    sensors: tuple[Sensor, ...]
    zones_readable: bool = Field(description="Whether shell may read /sys/class/thermal (AOSP says no)")


class Battery(Record):
    capacity_mah: int
    resistance_ohm: Positive
    usb_ma: int = Field(description="What a computer's USB port gives, at 5 V")
    technology: str


class Profile(Record):
    """One model of handset, whole."""

    name: str
    identity: Identity
    build: Build
    soc: Soc
    memory: Memory
    displays: tuple[Display, ...] = Field(min_length=1)
    postures: tuple[Posture, ...] = Field(min_length=1)
    power_w: PowerDraw
    thermal: Thermal
    battery: Battery

    @property
    def foldable(self) -> bool:
        return len(self.postures) > 1

    def display(self, display_id: int) -> Display:
        """The display of that logical id; KeyError where there is none."""
        for display in self.displays:
            if display.id == display_id:
                return display
        raise KeyError(display_id)

    @model_validator(mode="after")
    def _postures_have_displays(self) -> Profile:
        for posture in self.postures:
            if posture.display not in {display.id for display in self.displays}:
                raise ValueError(f"postures: {posture.name} shows on display {posture.display}, which is not there")
        return self
