"""The emulated apps: code inside an APK cannot run here, so each app is a file of its own, chosen by package."""
