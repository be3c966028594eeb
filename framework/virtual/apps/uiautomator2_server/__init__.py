"""io.appium.uiautomator2.server: what Appium's UiAutomator2 driver installs on a handset and talks to by HTTP."""
