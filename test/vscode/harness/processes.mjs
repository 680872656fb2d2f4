// Ends a process together with everything it started, by process id. The VS Code server leaves an agent host behind when
// only the server itself is told to stop.
import { readdirSync, readFileSync } from "node:fs";

/** Ends the processes that descend from `root`, then `root`; gives them `grace` milliseconds before they are killed. */
export async function endTree(root, grace = 2000) {
  const doomed = [...descendants(root), root];
  for (const pid of doomed) signal(pid, "SIGTERM");
  const deadline = Date.now() + grace;
  while (doomed.some(isRunning) && Date.now() < deadline) await new Promise((next) => setTimeout(next, 50));
  for (const pid of doomed) if (isRunning(pid)) signal(pid, "SIGKILL");
}

function descendants(root) {
  const children = new Map();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [];
  for (
    let level = children.get(root) ?? [];
    level.length > 0;
    level = level.flatMap((pid) => children.get(pid) ?? [])
  ) {
    found.unshift(...level);
  }
  return found;
}

function parentOf(pid) {
  try {
    // The command name in parentheses may hold spaces, the fields after the last one do not.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

function isRunning(pid) {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile.
  }
}
