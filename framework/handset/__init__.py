"""The host's side of one handset: ADB transports, shell, files, packages, log, posture, lease, and the UI by Appium.

The door is `framework.handset.handset.open_handset`.
"""
