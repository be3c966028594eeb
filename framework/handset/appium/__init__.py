"""Appium on the host: the pinned server and driver, a server of our own, and what another server can do."""
