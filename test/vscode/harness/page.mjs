// Opens the VS Code workbench in headless Chromium and waits for the tests to report.

/** Opens the workbench at an address; `result` becomes the exit code of the tests, or a sentence if the page is lost. */
export async function openWorkbench(harness, options) {
  const { chromium } = await import(harness.playwright);
  const browser = await chromium.launch({
    executablePath: harness.chromium,
    env: { ...process.env, ...harness.chromiumEnvironment },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--font-render-hinting=none",
      // Nothing outside this machine is reachable from the page, its workers and its frames.
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    let report;
    const result = new Promise((resolve) => {
      report = resolve;
    });
    page.on("pageerror", (error) => options.log(`page: ${error.stack ?? error}`));
    page.on("console", (message) => {
      if (message.type() === "error") options.log(`console: ${message.text()}`);
    });
    page.on("requestfailed", (request) => options.log(`page: no answer from ${request.url()}`));
    page.once("crash", () => report("the workbench page crashed"));
    browser.once("disconnected", () => report("Chromium ended"));
    await page.exposeFunction("codeAutomationExit", (code) => report(code));
    await page.exposeFunction("codeAutomationLog", (level, parts) => options.log(`${level}: ${parts.join(" ")}`));
    await page.goto(options.address, { waitUntil: "commit" });
    return { page, result, browserVersion: browser.version(), close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** The address of a window on a running server. */
export function workbenchAddress({ port, folder, extension, tests }) {
  const authority = `127.0.0.1:${port}`;
  const payload = [
    ["extensionDevelopmentPath", `vscode-remote://${authority}${extension}`],
    ["extensionTestsPath", `vscode-remote://${authority}${tests}`],
    ["skipWelcome", "true"],
    ["skipReleaseNotes", "true"],
  ];
  const address = new URL(`http://${authority}/`);
  if (folder === undefined) address.searchParams.set("ew", "true");
  else address.searchParams.set("folder", folder);
  address.searchParams.set("payload", JSON.stringify(payload));
  return address.href;
}
