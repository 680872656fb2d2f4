import type { Target } from "./convert.ts";
import { describeError, toLine } from "./guard.ts";

/** So many errors are kept for whoever asks what went wrong. */
const maxErrors = 10;

/** What the log tells people: which configurations count, what could not be found, what failed. Never per keystroke. */
export class Diary {
  readonly errors: string[] = [];
  readonly #target: Target;
  readonly #write: { info(message: string): void; error(message: string): void };
  readonly #said = new Set<string>();
  #isDue = false;

  constructor(target: Target, write: { info(message: string): void; error(message: string): void }) {
    this.#target = target;
    this.#write = write;
  }

  /** Something was opened, saved or appeared: `rested` has to look again. Typing is no reason. */
  expect(): void {
    this.#isDue = true;
  }

  /** Says what is new about the open documents, once each. */
  rested(): void {
    if (!this.#isDue) return;
    this.#isDue = false;
    try {
      for (const file of this.#target.documents.files()) this.#look(file);
    } catch (error) {
      this.fail(`looking at the configurations failed: ${describeError(error)}`);
    }
  }

  /** Writes down that something went wrong. */
  fail(message: string): void {
    const line = toLine(message);
    this.errors.push(line);
    if (this.errors.length > maxErrors) this.errors.shift();
    this.#write.error(line);
  }

  #look(file: string): void {
    const standing = this.#target.project.standing(file);
    if (standing === undefined || standing.state === "off") return;
    const version =
      standing.version === undefined ? "version unknown" : `${standing.version} (${standing.versionSource})`;
    if (standing.state === "dump") this.#sayOnce(`${file}: a dump of nginx -T, nginx ${version}`);
    for (const root of standing.roots) {
      const count = root.files === 1 ? "1 file" : `${root.files} files`;
      if (root.file !== file) this.#sayOnce(`${file}: judged in ${root.file}`);
      else if (standing.state === "fragment")
        this.#sayOnce(`${file}: a fragment that nobody includes, read as ${root.context}`);
      this.#sayOnce(`${root.file}: ${count}, nginx ${version}`);
      for (const include of root.unresolved) this.#sayOnce(`${root.file}: include ${include} leads to no file here`);
    }
  }

  #sayOnce(line: string): void {
    if (this.#said.has(line)) return;
    this.#said.add(line);
    this.#write.info(toLine(line));
  }
}
