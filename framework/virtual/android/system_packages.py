"""The packages of the system image: few of the hundreds that a phone has, those that tools ask for."""

from __future__ import annotations

from dataclasses import dataclass

from framework.formats.apk import LAUNCHER, MAIN, Component, IntentFilter
from framework.virtual.android.input_methods import SERVICE
from framework.virtual.android.packages import HOME, Package, PackageManager
from framework.virtual.android.permission_names import CONTROLLER, REQUEST
from framework.virtual.profiles.record import Profile
from framework.virtual.system.files import FileSystem
from framework.virtual.system.users import FIRST_APP, SHELL, SYSTEM

PLATFORM_CERTIFICATE = "c9009d01ebf9f5d0302bc71b2fe9aa9a47a432bba17308a3111b75d7b2149025"

LATIN = "com.android.inputmethod.latin.LatinIME"


@dataclass(frozen=True, slots=True)
class SystemApp:
    """`uid` None is one of the system's app users; `action` and `category` are what its main activity takes."""

    name: str
    path: str
    uid: int | None = None
    activity: str | None = None
    category: str = LAUNCHER
    input_method: str | None = None
    action: str = MAIN


SYSTEM_APPS = (
    SystemApp("android", "/system/framework/framework-res.apk", SYSTEM),
    SystemApp("com.android.shell", "/system/priv-app/Shell", SHELL),
    SystemApp("com.android.systemui", "/system_ext/priv-app/MiuiSystemUI"),
    SystemApp("com.android.settings", "/system_ext/priv-app/Settings", SYSTEM, "com.android.settings.Settings"),
    SystemApp("com.android.providers.settings", "/system/priv-app/SettingsProvider", SYSTEM),
    SystemApp("com.android.packageinstaller", "/system/priv-app/PackageInstaller"),
    SystemApp("com.android.inputmethod.latin", "/product/app/LatinIME", input_method=LATIN),
    SystemApp("com.android.webview", "/product/app/webview"),
    SystemApp("com.miui.home", "/product/priv-app/MiuiHome", None, "com.miui.home.launcher.Launcher", HOME),
    SystemApp("com.android.providers.media", "/system/priv-app/MediaProvider"),
    SystemApp("com.miui.gallery", "/product/priv-app/MIUIGallery"),
    SystemApp("com.miui.weather2", "/product/data-app/MIUIWeather"),
    SystemApp("com.xiaomi.market", "/product/app/MIUISuperMarket"),
    SystemApp("com.miui.notes", "/product/data-app/MIUINotes"),
    SystemApp("com.android.deskclock", "/product/data-app/MIUIDeskClock"),
    SystemApp(
        CONTROLLER,
        "/apex/com.android.permission/priv-app/PermissionController",
        activity=f"{CONTROLLER}.permission.ui.GrantPermissionsActivity",
        category="android.intent.category.DEFAULT",
        action=REQUEST,
    ),
)


def install_system_packages(packages: PackageManager, profile: Profile) -> None:
    """Record the packages that a new handset has."""
    built_ns = profile.build.date_utc * 10**9
    for number, app in enumerate(SYSTEM_APPS):
        packages.add(
            Package(
                name=app.name,
                version_code=profile.build.sdk,
                version_name=profile.build.release,
                min_sdk=profile.build.sdk,
                target_sdk=profile.build.sdk,
                uid=FIRST_APP + 100 + number if app.uid is None else app.uid,
                code_path=app.path,
                certificates=(PLATFORM_CERTIFICATE,),
                installed_ns=built_ns,
                updated_ns=built_ns,
                system=True,
                activities=_activities(app),
                services=_services(app),
            )
        )


def make_data_folders(files: FileSystem, packages: PackageManager) -> None:
    """A folder of its own for each app, closed to others (Android 9 and up)."""
    for package in packages.all():
        files.mkdir(package.data_dir, 0o700, uid=package.uid, gid=package.uid)


def _activities(app: SystemApp) -> tuple[Component, ...]:
    if app.activity is None:
        return ()
    main = IntentFilter((app.action,), (app.category, "android.intent.category.DEFAULT"))
    return (Component(app.activity, exported=True, enabled=True, filters=(main,)),)


def _services(app: SystemApp) -> tuple[Component, ...]:
    if app.input_method is None:
        return ()
    return (Component(app.input_method, exported=True, enabled=True, filters=(IntentFilter((SERVICE,), ()),)),)
