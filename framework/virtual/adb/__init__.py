"""The device side of the ADB protocol: what adbd is on a handset."""
