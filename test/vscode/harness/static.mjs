// Serves the VS Code workbench as the files it is made of, with nothing behind: extensions run in a web worker, and the
// workspace is in memory. What the tests report comes back as POST /report.
import { appendFileSync, createReadStream, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";

const types = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
};
const workbench = "out/vs/code/browser/workbench/workbench";
/** The workbench of code-server takes for granted that there is a server, also for what the user has set. */
const patches = [
  ["remoteAuthority:location.host", "remoteAuthority:void 0"],
  [
    "P.file(this.userDataPath).with({scheme:J.vscodeRemote})",
    "P.file(this.userDataPath).with({scheme:J.vscodeUserData})",
  ],
];

/** Starts serving and gives the port, the address of the window and how to stop. */
export async function startStatic(harness, { extension, tests, settings, folder, report, log }) {
  const vscode = join(dirname(harness.server), "..");
  const script = patch(readFileSync(join(vscode, `${workbench}.js`), "utf8"));
  const places = [
    ["/static/extensions/", harness.extensions],
    ["/static/", vscode],
    // Tests run in the host of the extension that they are inside of.
    ["/extension/tests/", tests],
    ["/extension/", extension],
  ];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    response.setHeader("Cache-Control", "no-store");
    if (pathname === "/report" && request.method === "POST") return takeReport(request, response, report);
    if (pathname === "/") return send(response, ".html", page());
    if (pathname === `/static/${workbench}.js`) return send(response, ".js", script);
    for (const [prefix, place] of places) {
      if (pathname.startsWith(prefix))
        return sendFile(response, place, decodeURIComponent(pathname.slice(prefix.length)));
    }
    log(`static: nothing at ${pathname}`);
    response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  const authority = `127.0.0.1:${port}`;
  const configuration = {
    folderUri: { scheme: "tmp", path: `/${folder}` },
    userDataPath: "/",
    isEnabledFileDownloads: false,
    isEnabledFileUploads: false,
    isEnabledCoderGettingStarted: false,
    configurationDefaults: settings,
    developmentOptions: {
      extensions: [{ scheme: "http", authority, path: "/extension" }],
      extensionTestsPath: { scheme: "http", authority, path: "/extension/tests/suite.js" },
      enableSmokeTestDriver: true,
    },
    productConfiguration: { extensionsGallery: undefined, enableTelemetry: false },
  };

  function page() {
    const data = JSON.stringify(configuration).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
    return `<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8">
    <meta id="vscode-workbench-web-configuration" data-settings="${data}">
    <link rel="stylesheet" href="/static/${workbench}.css">
  </head>
  <body aria-label=""></body>
  <script>globalThis._VSCODE_FILE_ROOT = location.origin + "/static/out/";</script>
  <script type="module" src="/static/out/nls.messages.js"></script>
  <script type="module" src="/static/${workbench}.js"></script>
</html>
`;
  }

  return {
    address: `http://${authority}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

function patch(script) {
  let patched = script;
  for (const [before, after] of patches) {
    const pieces = patched.split(before);
    if (pieces.length !== 2)
      throw new Error(`the workbench has ${before} ${pieces.length - 1} times; it should be once`);
    patched = pieces.join(after);
  }
  return patched;
}

function takeReport(request, response, report) {
  request.on("data", (data) => appendFileSync(report, data));
  request.on("end", () => response.writeHead(204).end());
}

function send(response, extension, content) {
  response.writeHead(200, { "Content-Type": types[extension] ?? "application/octet-stream" });
  response.end(content);
}

function sendFile(response, place, name) {
  const path = join(place, normalize(`/${name}`));
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return response.writeHead(404).end();
  // As the delivery network of the marketplace does, which knows no type for .cjs that a browser would run.
  response.writeHead(200, { "Content-Type": types[extname(path)] ?? "application/octet-stream" });
  createReadStream(path).pipe(response);
}
