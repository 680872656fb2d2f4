import { isUtf8 } from "node:buffer";
import type { Encoding } from "../host/files.ts";

/** What arrived on standard input. */
export interface StandardInput {
  readonly text: string;
  readonly encoding: Encoding;
}

const sizeLimit = 64 * 1024 * 1024;

/** Reads standard input to its end, with the limits that hold for files. */
export async function readStandardInput(): Promise<StandardInput | { readonly error: string }> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > sizeLimit) return { error: "larger than 64 MB" };
      chunks.push(chunk);
    }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
  const bytes = Buffer.concat(chunks);
  if (bytes.subarray(0, 8192).includes(0)) return { error: "not a text file" };
  const encoding = isUtf8(bytes) ? "utf8" : "latin1";
  return { text: bytes.toString(encoding), encoding };
}
