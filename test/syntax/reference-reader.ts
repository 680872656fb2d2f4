// nginx's way of reading a configuration, byte by byte and with its buffer, written as literally as its behaviour can
// be described. It knows nothing of recovery and is slow: its only use is to judge the parser, on many more texts
// than nginx itself can be asked about. That it agrees with nginx is tested too.

/** What stops nginx: its message (bytes as Latin-1) and the line it reports. */
export interface Stop {
  readonly message: string;
  readonly line: number;
  /** How many bytes it had read. */
  readonly read: number;
}

const BUFFER_SIZE = 4096;
const DATA_BLOCKS = ["map", "geo", "types", "split_clients", "charset_map"];
const LINE_FEED = "\n";

type Outcome = "statement" | "block" | "block end" | "file end" | Stop;

/** The first syntax error for nginx; undefined when there is none. */
export function readAsNginx(bytes: Buffer): Stop | undefined {
  const source = new Source(bytes.toString("latin1"));
  const blocks: string[] = [];
  for (;;) {
    const outcome = source.readStatement();
    if (typeof outcome === "object") return outcome;
    const isInData = DATA_BLOCKS.includes(blocks.at(-1) ?? "");
    if (outcome === "block end") {
      if (blocks.pop() === undefined) return source.stop('unexpected "}"');
    } else if (outcome === "file end") {
      return blocks.length > 0 ? source.stop('unexpected end of file, expecting "}"') : undefined;
    } else if (outcome === "block") {
      if (isInData) return source.stop('unexpected "{"');
      blocks.push(source.words[0] ?? "");
    }
  }
}

class Source {
  words: string[] = [];
  private readonly text: string;
  private position = 0;
  private line = 1;
  /** How far the file has been copied to the buffer, and where in the file the buffer begins. */
  private loaded = 0;
  private bufferBegin = 0;

  constructor(text: string) {
    this.text = text;
  }

  stop(message: string): Stop {
    return { message, line: this.line, read: this.position };
  }

  readStatement(): Outcome {
    this.words = [];
    let state: "between" | "comment" | "word" | "quoted" | "after quote" = "between";
    let quote = "";
    let isEscaped = false;
    let isVariable = false;
    let start = this.position;
    let startLine = this.line;
    for (;;) {
      if (this.position >= this.loaded) {
        if (this.loaded >= this.text.length) {
          const isMiddle = this.words.length > 0 || state === "word" || state === "quoted";
          return isMiddle ? this.stop('unexpected end of file, expecting ";" or "}"') : "file end";
        }
        if (this.position - start === BUFFER_SIZE) {
          this.line = startLine;
          if (state === "quoted") {
            return this.stop(`too long parameter, probably missing terminating "${quote}" character`);
          }
          return this.stop(`too long parameter "${this.text.slice(start, start + 10)}..." started`);
        }
        // What has not been used up moves to the front of the buffer; the file fills the rest.
        this.bufferBegin = start;
        this.loaded = Math.min(this.text.length, this.bufferBegin + BUFFER_SIZE);
      }
      const char = this.text[this.position] as string;
      this.position++;
      if (char === LINE_FEED) {
        this.line++;
        if (state === "comment") state = "between";
      }
      if (state === "comment") continue;
      if (isEscaped) {
        isEscaped = false;
        continue;
      }
      if (state === "after quote") {
        if (isBlank(char)) {
          state = "between";
          continue;
        }
        if (char === ";") return "statement";
        if (char === "{") return "block";
        if (char !== ")") return this.stop(`unexpected "${char}"`);
        state = "between";
      }
      if (state === "between") {
        start = this.position - 1;
        startLine = this.line;
        if (isBlank(char)) continue;
        if (char === ";" || char === "{") {
          if (this.words.length === 0) return this.stop(`unexpected "${char}"`);
          return char === ";" ? "statement" : "block";
        }
        if (char === "}") return this.words.length > 0 ? this.stop('unexpected "}"') : "block end";
        if (char === "#") {
          state = "comment";
          continue;
        }
        state = "word";
        if (char === "\\") isEscaped = true;
        else if (char === "$") isVariable = true;
        else if (char === '"' || char === "'") {
          state = "quoted";
          quote = char;
          start++;
        }
        continue;
      }
      if (char === "{" && isVariable) continue;
      isVariable = false;
      if (char === "\\") {
        isEscaped = true;
        continue;
      }
      if (char === "$") {
        isVariable = true;
        continue;
      }
      if (state === "quoted") {
        if (char !== quote) continue;
        state = "after quote";
      } else if (isBlank(char) || char === ";" || char === "{") {
        state = "between";
      } else continue;
      this.words.push(this.text.slice(start, this.position - 1));
      if (char === ";") return "statement";
      if (char === "{") return "block";
    }
  }
}

function isBlank(char: string): boolean {
  return char === " " || char === "\t" || char === "\r" || char === "\n";
}
