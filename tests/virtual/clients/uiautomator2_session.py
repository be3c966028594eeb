"""Runs with uiautomator2's Python: what it does with a handset and an app, as JSON.

Arguments: serial, package, activity, a folder to work in.
"""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import uiautomator2

serial, package, activity, folder = sys.argv[1:]
resource = f"{package}:id/".__add__
device = uiautomator2.connect(serial)
said: dict[str, object] = {"info": device.info, "device_info": device.device_info, "wlan_ip": device.wlan_ip}
said["size"] = device.window_size()

device.app_start(package, wait=True)
said["current"] = device.app_current()
said["wait_activity"] = device.wait_activity(activity)
said["running"] = package in device.app_list_running()
said["app_info"] = device.app_info(package)

field, send = device(resourceId=resource("input")), device(resourceId=resource("send"))
field.set_text("What is 12 times 12?")
said["typed"] = field.get_text()
said["before"] = device(resourceIdMatches=".*:id/reply").count
send.click()
said["answered"] = device(text="The result is 144.").wait(timeout=20)
said["reply"] = device(textContains="144").info
conversation = device(resourceId=resource("conversation"))
said["children"] = [each.get_text() for each in conversation.child(className="android.widget.TextView")]
said["named"] = conversation.child_by_text("The result is 144.", className="android.widget.TextView").get_text()
said["not_there"] = bool(device(text="no such text").exists)
try:
    device(text="no such text").get_text(timeout=0.2)
except uiautomator2.UiObjectNotFoundError as error:
    said["refused"] = str(error)
said["xpath"] = [each.text for each in device.xpath('//*[contains(@text, "144")]').all()]
hierarchy = device.dump_hierarchy()
said["ids"] = [node.get("resource-id") for node in ET.fromstring(hierarchy).iter("node")]
said["picture"] = device.screenshot().size

field.click()
device.send_keys("写在这里 and here")
said["pasted"] = field.get_text()
said["clipboard"] = device.clipboard
device.set_input_ime()
said["keyboard"] = device.current_ime()
device.send_keys("键盘 typed", clear=True)
said["by_keyboard"] = field.get_text()
device.clear_text()
said["cleared"] = field.get_text()
device.hide_keyboard()
device.set_input_ime(False)
device.orientation = "left"
said["turned"] = [device.orientation, list(device.window_size())]
device.orientation = "natural"
device.freeze_rotation(False)
send.long_click()
device.swipe(0.5, 0.8, 0.5, 0.3, duration=0.2)
device.press("home")
said["home"] = device.app_current()["package"]
device.screen_off()
said["dark"] = device.info["screenOn"]
device.unlock()
said["lit"] = device.info["screenOn"]

source, back = Path(folder, "there"), Path(folder, "back")
source.write_bytes(bytes(range(256)) * 999)
device.push(str(source), "/data/local/tmp/there")
device.pull("/data/local/tmp/there", str(back))
said["same"] = source.read_bytes() == back.read_bytes()
said["shell"] = list(device.shell("echo out; (exit 3)"))

with device.session(package) as session:
    said["session"] = session(resourceId=resource("input")).wait(timeout=5)
    session.press("back")
said["stopped"] = package not in device.app_list_running()
said["ime"] = device.current_ime()
device.stop_uiautomator()
print(json.dumps(said))
