"""Installing an APK: staged, read, checked against what is there, moved into place.

The failures and their words are those of Android's PackageInstallerSession and InstallPackageHelper.
"""

from __future__ import annotations

import errno
import io
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256

from framework.formats.apk import ApkInfo, read_apk
from framework.formats.errors import FormatError, SignatureError
from framework.virtual.android.packages import Package, PackageManager
from framework.virtual.android.permission_names import DANGEROUS
from framework.virtual.clock import DeviceClock
from framework.virtual.profiles.record import Profile
from framework.virtual.system.files import FileSystem
from framework.virtual.system.layout import SHARED
from framework.virtual.system.pipes import Reader
from framework.virtual.system.users import SYSTEM

ABIS = ("arm64-v8a", "armeabi-v7a", "armeabi")
CHUNK = 1 << 18
CHECKING_NS = 250_000_000
BYTES_PER_NS = 0.4
"""Speed of checking signatures and optimizing code: 400 MB/s."""

EXTERNAL_DATA_GROUP = 1078

OLD_TARGET_REFUSED_SINCE, OLDEST_TARGET = 34, 23
"""Android 14 takes no app that targets an SDK below 23 (MIN_INSTALLABLE_TARGET_SDK)."""


class InstallError(Exception):
    """Why an installation failed: PackageManager's name of the reason, and its message."""

    def __init__(self, code: str, message: str = "") -> None:
        self.code, self.message = code, message
        super().__init__(f"{code}: {message}" if message else code)


@dataclass(frozen=True, slots=True)
class InstallOptions:
    """What `pm install` was asked for."""

    replace_existing: bool = True
    allow_downgrade: bool = False
    grant_all: bool = False
    installer: str | None = None
    allow_test_only: bool = False
    allow_old_target: bool = False
    inherit: str | None = None
    """The package whose APKs stay where none of the same name comes."""

    many: bool = False
    """Whether it is made of other sessions, which are installed together or not at all."""


@dataclass(slots=True)
class Session:
    """An installation under way: `staged` holds the paths of the APKs written so far, by their names."""

    id: int
    options: InstallOptions
    staged: dict[str, str] = field(default_factory=dict)
    children: list[Session] = field(default_factory=list)

    @property
    def folder(self) -> str:
        return f"/data/app/vmdl{self.id}.tmp"


class Installer:
    """Installs, replaces and removes packages of one handset. Works with the rights of the system."""

    def __init__(
        self,
        profile: Profile,
        clock: DeviceClock,
        files: FileSystem,
        packages: PackageManager,
        may_install: Callable[[], bool] = lambda: True,
    ) -> None:
        self._profile = profile
        self._clock = clock
        self._files = files
        self._packages = packages
        self._may_install = may_install
        """Whether the vendor lets a computer install packages."""

        self._sessions: dict[int, Session] = {}

    # -- sessions ----------------------------------------------------------------------------------------------

    def create(self, options: InstallOptions, size: int = 0) -> Session:
        """A new session; InstallError when `size` bytes have no room."""
        if not self._may_install():
            raise InstallError("INSTALL_FAILED_USER_RESTRICTED", "Install canceled by user")
        free = self._files.free_bytes()
        if size > free:
            raise InstallError(
                "INSTALL_FAILED_INSUFFICIENT_STORAGE", f"Failed to allocate {size} because only {free} allocatable"
            )
        digest = sha256(f"{self._profile.name}:{len(self._sessions)}:{self._clock.now_ns()}".encode())
        session = Session(int.from_bytes(digest.digest()[:4], "big") >> 1, options)
        self._sessions[session.id] = session
        self._files.mkdir(session.folder, 0o775, uid=SYSTEM, gid=SYSTEM)
        return session

    def session(self, session_id: int) -> Session | None:
        return self._sessions.get(session_id)

    async def write(self, session: Session, name: str, source: Reader, size: int | None) -> int:
        """Stage `size` bytes (all there are, if None) of `source`; the number of bytes written."""
        path = f"{session.folder}/{name if name.endswith('.apk') else f'{name}.apk'}"
        try:
            written = await self._stage(path, source, size)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            raise InstallError("INSTALL_FAILED_INSUFFICIENT_STORAGE", "No space left on device") from None
        if size is not None and written < size:
            raise InstallError("INSTALL_FAILED_INTERNAL_ERROR", f"Expected {size} bytes, got {written}")
        session.staged[name] = path
        return written

    def abandon(self, session: Session) -> None:
        self._sessions.pop(session.id, None)
        with suppress(FileNotFoundError):
            self._files.remove_tree(session.folder)

    async def commit(self, session: Session) -> list[Package]:
        """Check what was staged and put it in place; InstallError says why not. The session ends either way."""
        parts = session.children if session.options.many else [session]
        try:
            if not parts:
                raise InstallError("INSTALL_FAILED_INVALID_APK", "No sessions to install")
            checked = [(part, await self._checked(part)) for part in parts]
            return [self._place(part, self._take_over(part, infos)) for part, infos in checked]
        finally:
            for each in (*parts, session):
                self.abandon(each)

    async def _checked(self, session: Session) -> dict[str, ApkInfo]:
        """The APKs that make up the package, those of it that stay included."""
        infos = {path: await self._read(path) for path in session.staged.values()}
        infos = {**await self._inherited(session, infos), **infos}
        base_path, base = check_apks(infos)
        self._check(base, base_path, session.options)
        return infos

    # -- removing ----------------------------------------------------------------------------------------------

    def uninstall(self, name: str, *, keep_data: bool = False, of_user: bool = False) -> bool:
        """Remove a package; False where it is not there. What is part of the system goes from the user only."""
        package = self._packages.get(name)
        if package is None or (package.system and not of_user):
            return False
        self._packages.stop(name)
        if package.system:
            package.installed = False
            return True
        self._packages.remove(name)
        self._files.remove_tree(package.code_path.rpartition("/")[0])
        if not keep_data:
            self._remove_data(name)
        return True

    def clear(self, name: str) -> bool:
        """Stop a package and delete its data, as `pm clear` does; False where it is not there."""
        package = self._packages.get(name)
        if package is None:
            return False
        self._packages.stop(name)
        self._remove_data(name)
        self._make_data(package)
        package.granted -= DANGEROUS  # resetRuntimePermissions
        package.permission_flags.clear()
        return True

    # -- how ---------------------------------------------------------------------------------------------------

    async def _inherited(self, session: Session, infos: dict[str, ApkInfo]) -> dict[str, ApkInfo]:
        """The APKs of the package that is added to, but for those that are replaced."""
        if session.options.inherit is None:
            return {}
        existing = self._packages.get(session.options.inherit)
        if existing is None or existing.system:
            raise InstallError("INSTALL_FAILED_INVALID_APK", f"Missing existing base package {session.options.inherit}")
        paths = [f"{existing.code_path}/{name}" for name in self._files.listdir(existing.code_path)]
        found = {path: await self._read(path) for path in paths if path.endswith(".apk")}
        replaced = {info.split for info in infos.values()}
        return {path: info for path, info in found.items() if info.split not in replaced}

    def _take_over(self, session: Session, infos: dict[str, ApkInfo]) -> dict[str, ApkInfo]:
        """Move what stays beside what was staged: the folder that it is in goes."""
        moved = {}
        for path, info in infos.items():
            here = f"{session.folder}/{path.rpartition('/')[2]}"
            if here != path:
                self._files.rename(path, here)
            moved[here] = info
        return moved

    async def _stage(self, path: str, source: Reader, size: int | None) -> int:
        written = 0
        with self._files.open(path, "w", perm=0o644, uid=SYSTEM) as file:
            while size is None or written < size:
                chunk = await source.read(CHUNK if size is None else min(CHUNK, size - written))
                if not chunk:
                    break
                file.write(chunk)
                written += len(chunk)
        return written

    async def _read(self, path: str) -> ApkInfo:
        with self._files.open(path, uid=SYSTEM) as file:
            source = file.host_path or io.BytesIO(file.read())
            due_ns = self._clock.now_ns() + CHECKING_NS + int(file.size / BYTES_PER_NS)
            try:
                return await self._clock.compute(partial(read_apk, source), due_ns)
            except SignatureError as fault:
                message = f"Failed to collect certificates from {path}: {fault.what}"
                raise InstallError("INSTALL_PARSE_FAILED_NO_CERTIFICATES", message) from None
            except FormatError:
                raise InstallError("INSTALL_PARSE_FAILED_NOT_APK", f"Failed to parse {path}") from None

    def _check(self, apk: ApkInfo, path: str, options: InstallOptions) -> None:
        sdk = self._profile.build.sdk
        if apk.min_sdk > sdk:
            message = f"Requires newer sdk version #{apk.min_sdk} (current version is #{sdk})"
            raise InstallError("INSTALL_FAILED_OLDER_SDK", f"Failed parse during installPackageLI: {path}: {message}")
        if apk.native_abis and not set(ABIS) & set(apk.native_abis):
            raise InstallError("INSTALL_FAILED_NO_MATCHING_ABIS", "Failed to extract native libraries, res=-113")
        if sdk >= OLD_TARGET_REFUSED_SINCE and apk.target_sdk < OLDEST_TARGET and not options.allow_old_target:
            message = f"App package must target at least SDK version {OLDEST_TARGET}, but found {apk.target_sdk}"
            raise InstallError("INSTALL_FAILED_DEPRECATED_SDK_VERSION", message)
        if apk.test_only and not options.allow_test_only:
            message = "Failed to install test-only apk. Did you forget to add -t?"
            raise InstallError("INSTALL_FAILED_TEST_ONLY", message)
        existing = self._packages.known(apk.package)
        if existing is not None:
            _check_update(apk, existing, options)

    def _place(self, session: Session, infos: dict[str, ApkInfo]) -> Package:
        base_path, apk = check_apks(infos)
        existing = self._packages.known(apk.package)
        now_ns = self._clock.wall_ns()
        package = _record(apk, session.options, now_ns)
        package.splits = tuple(sorted(info.split for info in infos.values() if info.split is not None))
        package.code_path = self._code_path(apk.package, now_ns)
        if existing is not None:
            self._packages.stop(apk.package)
            package.uid, package.installed_ns = existing.uid, existing.installed_ns
            package.granted |= existing.granted
            package.permission_flags = dict(existing.permission_flags)
            package.state, package.suspended = existing.state, existing.suspended
            self._files.remove_tree(existing.code_path.rpartition("/")[0])
        else:
            package.uid = self._packages.new_uid()
        self._files.mkdir(package.code_path, 0o755, parents=True, uid=SYSTEM, gid=SYSTEM)
        for path, info in infos.items():
            name = "base.apk" if path == base_path else f"split_{info.split}.apk"
            self._files.rename(path, f"{package.code_path}/{name}")
        self._make_data(package)
        self._packages.add(package)
        return package

    def _code_path(self, package: str, now_ns: int) -> str:
        """As PackageManagerServiceUtils.getNextCodePath: two random names of 16 bytes."""
        outer, inner = (
            urlsafe_b64encode(sha256(f"{part}:{package}:{now_ns}".encode()).digest()[:16]).decode()
            for part in ("outer", "inner")
        )
        return f"/data/app/~~{outer}/{package}-{inner}"

    def _make_data(self, package: Package) -> None:
        external = f"{SHARED}/Android/data/{package.name}"
        for path, mode, gid in (
            (package.data_dir, 0o700, package.uid),
            (f"{package.data_dir}/files", 0o771, package.uid),
            (f"{package.data_dir}/cache", 0o771, package.uid),
            (external, 0o2770, EXTERNAL_DATA_GROUP),
            (f"{external}/files", 0o2770, EXTERNAL_DATA_GROUP),
        ):
            if not self._files.exists(path):
                self._files.mkdir(path, mode)
                self._files.chown(path, package.uid, gid)
                self._files.chmod(path, mode)

    def _remove_data(self, name: str) -> None:
        for path in (f"/data/user/0/{name}", f"{SHARED}/Android/data/{name}"):
            if self._files.exists(path):
                self._files.remove_tree(path)


def check_apks(infos: dict[str, ApkInfo]) -> tuple[str, ApkInfo]:
    """The one APK that is no split; the others must be splits of it (PackageInstallerSession.validateApkInstall)."""
    if not infos:
        raise InstallError("INSTALL_FAILED_INVALID_APK", "No packages staged")
    names = [info.split for info in infos.values()]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice != "":
        raise InstallError("INSTALL_FAILED_INVALID_APK", f"Split {twice or 'null'} was defined multiple times")
    if None not in names:
        raise InstallError("INSTALL_FAILED_INVALID_APK", "Full install must include a base package")
    path, base = next((path, info) for path, info in infos.items() if info.split is None)
    for other_path, other in infos.items():
        fault = _inconsistent(base, other)
        if fault:
            raise InstallError("INSTALL_FAILED_INVALID_APK", f"{other_path} {fault}")
    if base.split_required and len(infos) == 1:
        raise InstallError("INSTALL_FAILED_MISSING_SPLIT", f"Missing split for {base.package}")
    return path, base


def _inconsistent(base: ApkInfo, other: ApkInfo) -> str:
    """What of an APK is not as the base has it."""
    if other.package != base.package:
        return f"package {other.package} inconsistent with {base.package}"
    if other.version_code != base.version_code:
        return f"version code {other.version_code} inconsistent with {base.version_code}"
    if set(other.signature.certificates) != set(base.signature.certificates):
        return "signatures are inconsistent"
    return ""


def _check_update(apk: ApkInfo, existing: Package, options: InstallOptions) -> None:
    if not options.replace_existing:
        message = f"Attempt to re-install {apk.package} without first uninstalling."
        raise InstallError("INSTALL_FAILED_ALREADY_EXISTS", message)
    if set(apk.signature.certificates) != set(existing.certificates):
        message = f"Existing package {apk.package} signatures do not match newer version; ignoring!"
        raise InstallError("INSTALL_FAILED_UPDATE_INCOMPATIBLE", message)
    downgrade = apk.version_code < existing.version_code
    if downgrade and not (options.allow_downgrade and existing.debuggable):
        versions = f"Update version code {apk.version_code} is older than current {existing.version_code}"
        raise InstallError("INSTALL_FAILED_VERSION_DOWNGRADE", f"Downgrade detected: {versions}")


def _record(apk: ApkInfo, options: InstallOptions, now_ns: int) -> Package:
    package = Package(
        name=apk.package,
        version_code=apk.version_code,
        version_name=apk.version_name,
        min_sdk=apk.min_sdk,
        target_sdk=apk.target_sdk,
        uid=0,
        code_path="",
        certificates=apk.signature.certificates,
        installed_ns=now_ns,
        updated_ns=now_ns,
        debuggable=apk.debuggable,
        signature_scheme=apk.signature.scheme,
        native_abis=apk.native_abis,
        activities=apk.activities,
        receivers=apk.receivers,
        services=apk.services,
        instrumentations=apk.instrumentations,
        permissions=apk.permissions,
        metadata=apk.metadata,
        label=apk.label,
        installer=options.installer,
        test_only=apk.test_only,
    )
    granted = {name for name in apk.permissions if options.grant_all or name not in DANGEROUS}
    return replace(package, granted=granted)
