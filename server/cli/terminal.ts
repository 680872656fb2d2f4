import type { Paint } from "./paint.ts";

/** Where a command writes, and how it looks there. */
export interface Terminal {
  /** The command that started this program, as a user would type it. */
  readonly program: string;
  readonly version: string;
  /** Width for wrapped text. */
  readonly columns: number;
  readonly paint: Paint;
  /** To standard output. */
  readonly print: (data: string | Uint8Array) => void;
  /** To standard error, as it is. */
  readonly printAside: (text: string) => void;
  /** One line on standard error that begins with the program's name. */
  readonly complain: (reason: string) => void;
}
