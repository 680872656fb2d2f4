import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Encoding, readNodeFile } from "../host/files.ts";
import { describeSystemError } from "./system-error.ts";

/**
 * Replaces the text of a file, all of it or nothing, in the encoding and with the mode it had; a link keeps pointing where it did.
 * Gives the reason when it was not done, among them that the file is no longer what was checked.
 */
export function replaceFile(path: string, before: string, after: string): string | undefined {
  try {
    const target = realpathSync(path);
    const current = readNodeFile(target);
    if ("error" in current) return current.error;
    if (current.text !== before) return "it was changed in the meantime";
    const bytes = encodeText(after, current.encoding);
    if (bytes === undefined) return "its encoding cannot hold what the fix writes";
    writeBeside(target, bytes, statSync(target));
    return undefined;
  } catch (error) {
    return describeSystemError(error);
  }
}

/** Writes a new file in the same folder and renames it over the old one: readers see the old text or the new one. */
function writeBeside(target: string, bytes: Uint8Array, { mode, uid, gid }: Stats): void {
  // The dot keeps `include conf.d/*` of a running nginx from seeing it.
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
  const handle = openSync(temporary, "wx", 0o600);
  try {
    try {
      writeFileSync(handle, bytes);
      keepOwner(handle, uid, gid);
      fchmodSync(handle, mode & 0o7777);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Only root may give files away; for everybody else the file becomes theirs, as with any editor that saves this way. */
function keepOwner(handle: number, uid: number, gid: number): void {
  try {
    fchownSync(handle, uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
  }
}

/** The bytes of a text, or undefined when the encoding has no bytes for one of its characters. */
export function encodeText(text: string, encoding: Encoding): Uint8Array | undefined {
  if (encoding === "latin1" && /[^\u0000-\u00ff]/.test(text)) return undefined;
  return Buffer.from(text, encoding);
}
