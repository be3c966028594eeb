// WebdriverIO drives the assistant through Appium; prints what it saw as one line of JSON.
// Arguments: the module of webdriverio, the server's port, the capabilities as JSON, the assistant's package.
const [module, port, capabilities, pkg] = process.argv.slice(2);
const { remote } = await import(module);

const driver = await remote({
  protocol: "http",
  hostname: "127.0.0.1",
  port: Number(port),
  path: "/",
  logLevel: "error",
  connectionRetryCount: 0,
  capabilities: JSON.parse(capabilities),
});
const said = {};
try {
  said.model = driver.capabilities.deviceModel;
  said.activity = await driver.getCurrentActivity();
  const input = await driver.$(`id=${pkg}:id/input`);
  await input.addValue("What is the capital of Frances");
  await driver.pressKeyCode(67);
  said.typed = await input.getText();
  await driver.$("~Send").click();
  const reply = await driver.$('android=new UiSelector().textContains("Paris")');
  await reply.waitForExist({ timeout: 20000, interval: 200 });
  said.reply = await reply.getText();
  said.byXPath = await driver.$(`//*[@resource-id="${pkg}:id/question"]`).getText();
  said.questions = (await driver.$$(`id=${pkg}:id/question`).map((each) => each.getText()));
  said.source = (await driver.getPageSource()).includes("Paris");
  const picture = Buffer.from(await driver.takeScreenshot(), "base64");
  said.picture = [picture.readUInt32BE(16), picture.readUInt32BE(20)];
  const size = await driver.getWindowSize();
  said.size = [size.width, size.height];
  await driver.setOrientation("LANDSCAPE");
  said.orientation = [await driver.getOrientation()];
  await driver.setOrientation("PORTRAIT");
  said.orientation.push(await driver.getOrientation());
  await driver.setClipboard(Buffer.from("café").toString("base64"), "plaintext");
  said.clipboard = Buffer.from(await driver.getClipboard(), "base64").toString();
  await driver.$("~Speak").click();
  await driver.waitUntil(() => driver.getAlertText().then(() => true, () => false), { timeout: 20000, interval: 100 });
  said.alert = await driver.getAlertText();
  await driver.acceptAlert();
  said.permissions = await driver.execute("mobile: getPermissions", { type: "granted", appPackage: pkg });
  await driver.execute("mobile: clickGesture", { elementId: (await driver.$(`id=${pkg}:id/new_conversation`)).elementId });
  said.left = await driver.$$(`id=${pkg}:id/question`).length;
  await driver.execute("mobile: backgroundApp", { seconds: -1 });
  said.background = [await driver.getCurrentPackage(), await driver.queryAppState(pkg)];
  await driver.activateApp(pkg);
  said.foreground = [await driver.getCurrentPackage(), await driver.queryAppState(pkg)];
  said.missing = await driver.$("~absent").isExisting();
} finally {
  await driver.deleteSession();
}
console.log(JSON.stringify(said));
