import type { Reading } from "./reading.ts";
import { endOfWord, findStatementEnd } from "./scan.ts";

/** Reports a byte order mark at the start of a file: for nginx it is the first letter of a directive's name. */
export function reportByteOrderMark(reading: Reading): void {
  const { text } = reading;
  const { end: stop, problem } = findStatementEnd(text, 0);
  reading.report({
    message: problem ?? `unknown directive "${text.slice(0, endOfWord(text, 0))}"`,
    advice: "the file starts with an invisible byte order mark; save it without one (UTF-8, no BOM)",
    start: 0,
    end: 1,
    stop,
  });
}
