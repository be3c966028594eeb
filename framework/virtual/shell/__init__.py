"""The handset's /system/bin/sh, which speaks mksh."""

from framework.virtual.shell.session import execute

__all__ = ["execute"]
