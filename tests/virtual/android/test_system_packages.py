"""The packages of the system image."""

from __future__ import annotations

from framework.virtual.android.packages import FIRST_INSTALLED_APP, PackageManager
from framework.virtual.android.system_packages import HOME, install_system_packages
from framework.virtual.apps.base import Intent
from framework.virtual.apps.home import Home
from framework.virtual.profiles import load_profile


def system() -> PackageManager:
    packages = PackageManager()
    install_system_packages(packages, load_profile("xiaomi-13"))
    return packages


def test_they_are_marked_and_have_users_below_those_of_installed_apps() -> None:
    """The framework and the shell have fixed ones."""
    packages = {package.name: package for package in system().all()}
    assert all(package.system for package in packages.values())
    assert (packages["android"].uid, packages["com.android.shell"].uid) == (1000, 2000)
    assert all(package.uid < FIRST_INSTALLED_APP for package in packages.values())


def test_home_is_the_launcher_that_is_emulated() -> None:
    """The HOME intent leads to an activity that there is code for."""
    intent = Intent(action="android.intent.action.MAIN", categories=frozenset({HOME}))
    assert system().resolve(intent) == f"{Home.package}/{Home.main_class}"
