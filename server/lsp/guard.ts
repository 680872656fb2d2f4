import { ErrorCodes, LSPErrorCodes, ResponseError } from "vscode-languageserver";

/** How far the session is: requests are answered only between `initialize` and `shutdown`. */
export type Phase = "new" | "running" | "down";

type Token = { readonly isCancellationRequested: boolean };

/** Wraps handlers so that no message, however malformed, ends the server: a failure becomes one line of log. */
export class Guard {
  phase: Phase = "new";
  readonly #log: (message: string) => void;

  constructor(log: (message: string) => void) {
    this.#log = log;
  }

  /** A request handler; when it fails the client gets `empty`. */
  request<Params, Result>(
    name: string,
    empty: Result,
    handle: (params: Params, token: Token) => Promise<Result>,
  ): (params: Params, token: Token) => Promise<Result | ResponseError<void>> {
    return async (params, token) => {
      if (this.phase === "new") return new ResponseError(ErrorCodes.ServerNotInitialized, "Send initialize first.");
      if (this.phase === "down") return new ResponseError(ErrorCodes.InvalidRequest, "The session was shut down.");
      try {
        const result = await handle(params, token);
        if (token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, "Cancelled.");
        return result;
      } catch (error) {
        this.#log(`${name} failed: ${describeError(error)}`);
        return empty;
      }
    };
  }

  /** A notification handler; outside the session notifications are dropped, as the protocol wants it. */
  notification<Params>(
    name: string,
    handle: (params: Params) => void | Promise<void>,
  ): (params: Params) => Promise<void> {
    return async (params) => {
      if (this.phase !== "running") return;
      try {
        await handle(params);
      } catch (error) {
        this.#log(`${name} failed: ${describeError(error)}`);
      }
    };
  }
}

/** An error with its stack, as one line, because logs are read line by line. */
export function describeError(error: unknown): string {
  return toLine(error instanceof Error ? (error.stack ?? error.message) : String(error));
}

/** Any text as one line of bounded length. */
export function toLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " | ").slice(0, 2000);
}
