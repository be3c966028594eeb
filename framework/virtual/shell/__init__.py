"""The handset's /system/bin/sh, which speaks mksh."""
