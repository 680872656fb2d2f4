// `npm start`: set-up, then a demonstration on examples/.
// `npm start -- FILE…`: set-up, then the command line with these arguments, in the folder where the user was.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, setUp } from "./setup.mjs";

const args = process.argv.slice(2);
setUp();
process.exitCode = args.length > 0 ? checkOwnFiles() : demonstrate();

function checkOwnFiles() {
  // npm changes to the package's folder before it runs a script and keeps the user's in INIT_CWD.
  const cwd = process.env.npm_lifecycle_event === undefined ? process.cwd() : (process.env.INIT_CWD ?? process.cwd());
  return runCommandLine(args, cwd);
}

function demonstrate() {
  const example = join(root, "examples");
  process.stdout.write("Checking examples/, a chat application behind nginx with the usual mistakes.\n\n");
  const code = runCommandLine(["check", "examples"], root);
  if (code !== 1) {
    process.stderr.write("nginx-websocket: the example should have findings; something is wrong with this checkout\n");
    return code || 1;
  }
  const [extension, folder, file] = [root, example, join(example, "nginx.conf")].map((path) => JSON.stringify(path));
  process.stdout.write(`
The same in VS Code, with the repairs behind the light bulb:
  code --extensionDevelopmentPath=${extension} ${folder} --goto ${file}
Your own configuration:
  npm start -- /etc/nginx            a folder or files
  npm start -- --fix FILE            apply the safe fixes
`);
  return 0;
}

function runCommandLine(commandLine, cwd) {
  const result = spawnSync(process.execPath, [join(root, "dist", "cli.cjs"), ...commandLine], {
    cwd,
    stdio: "inherit",
  });
  if (result.error) process.stderr.write(`nginx-websocket: ${result.error.message}\n`);
  return result.status ?? 2;
}
