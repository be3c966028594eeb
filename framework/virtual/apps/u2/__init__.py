"""u2.jar, the server on the handset of the Python client uiautomator2: JSON-RPC over HTTP on a port.

Methods and answers as in the project android-uiautomator-server (AutomatorService.java) and its successor u2.jar;
what they do to the screen is `framework.virtual.ui.automation`.
"""

from __future__ import annotations
