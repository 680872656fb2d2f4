import { connect } from "node:net";
import type { ClientRequest } from "../../server/core/model/client-request.ts";
import type { Received } from "./recorder.ts";

/** What came of a request: the status (444: closed without an answer), and what a backend got if one was reached. */
export interface Answer {
  readonly status: number;
  readonly received: Received | undefined;
}

/** Nothing here legitimately takes longer. */
const answerLimit = 10_000;

/** Sends a request byte by byte as it is: HTTP libraries correct what they are given. */
export function ask({ method, target, headers, port }: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port ?? 0, "127.0.0.1");
    let head = "";
    const finish = (): void => {
      socket.destroy();
      resolve(readAnswer(head));
    };
    socket.setEncoding("latin1");
    socket.setTimeout(answerLimit, () => socket.destroy(new Error(`no answer to ${target}`)));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNRESET" || error.code === "EPIPE") finish();
      else reject(error);
    });
    socket.on("end", finish);
    socket.on("data", (chunk: string) => {
      head += chunk;
      if (head.includes("\r\n\r\n")) finish();
    });
    const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`${method} ${target} HTTP/1.1\r\n${fields.join("")}\r\n`, "latin1");
  });
}

function readAnswer(head: string): Answer {
  const status = /^HTTP\/1\.\d (\d{3})/.exec(head)?.[1];
  if (status === undefined) return { status: 444, received: undefined };
  const told = /^X-Received: (\S+)\r$/m.exec(head)?.[1];
  const received = told === undefined ? undefined : JSON.parse(Buffer.from(told, "base64").toString());
  return { status: Number(status), received };
}
