import { createHash, randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";

/** A WebSocket frame (RFC 6455 section 5.2). */
export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Opcode of a text frame. */
export const text = 0x1;

/** A frame as a client must send it: masked. */
export function encodeMasked(frame: Frame): Buffer {
  const mask = randomBytes(4);
  return Buffer.concat([head(frame, 0x80), mask, xor(frame.payload, mask)]);
}

/** A frame as a server sends it. */
export function encodeUnmasked(frame: Frame): Buffer {
  return Buffer.concat([head(frame, 0), frame.payload]);
}

function head(frame: Frame, maskBit: number): Buffer {
  const size = frame.payload.length;
  const first = 0x80 | frame.opcode;
  if (size < 126) return Buffer.from([first, maskBit | size]);
  if (size < 0x10000) return Buffer.from([first, maskBit | 126, size >> 8, size & 0xff]);
  const head = Buffer.alloc(10);
  head[0] = first;
  head[1] = maskBit | 127;
  head.writeBigUInt64BE(BigInt(size), 2);
  return head;
}

function xor(payload: Buffer, mask: Buffer): Buffer {
  return Buffer.from(payload.map((byte, index) => byte ^ mask[index & 3]!));
}

/** Collects bytes and gives the frames that are complete. */
export class FrameReader {
  #bytes = Buffer.alloc(0);

  push(chunk: Buffer): Frame[] {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    const bytes = this.#bytes;
    if (bytes.length < 2) return undefined;
    const masked = (bytes[1]! & 0x80) !== 0;
    let size = bytes[1]! & 0x7f;
    let at = 2;
    if (size === 126) {
      if (bytes.length < 4) return undefined;
      size = bytes.readUInt16BE(2);
      at = 4;
    } else if (size === 127) {
      if (bytes.length < 10) return undefined;
      size = Number(bytes.readBigUInt64BE(2));
      at = 10;
    }
    const mask = masked ? bytes.subarray(at, at + 4) : undefined;
    if (masked) at += 4;
    if (bytes.length < at + size) return undefined;
    const payload = bytes.subarray(at, at + size);
    this.#bytes = bytes.subarray(at + size);
    return { opcode: bytes[0]! & 0x0f, payload: mask ? xor(payload, mask) : Buffer.from(payload) };
  }
}

/** Sends every data frame that arrives back to where it came from. */
export function echoFrames(socket: Duplex, first: Buffer): void {
  const reader = new FrameReader();
  const answer = (chunk: Buffer): void => {
    for (const frame of reader.push(chunk)) {
      if (frame.opcode < 0x8) socket.write(encodeUnmasked(frame));
    }
  };
  socket.on("data", answer);
  if (first.length > 0) answer(first);
}

/** The Sec-WebSocket-Accept that answers a Sec-WebSocket-Key (RFC 6455 section 4.2.2). */
export function acceptOf(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

/** The head of an answer that accepts a handshake; without a key it cannot say that it has understood. */
export function acceptingHead(key: string | undefined): string {
  const accept = key === undefined ? "" : `Sec-WebSocket-Accept: ${acceptOf(key)}\r\n`;
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${accept}\r\n`;
}
