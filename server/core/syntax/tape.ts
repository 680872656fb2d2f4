/** What a tape keeps between texts. */
const USUAL = 1 << 14;

/** A growing array of 32-bit integers: what the parser writes tokens and statements to. */
export class Tape {
  items = new Int32Array(USUAL);
  length = 0;

  /** Appends one integer. */
  push(value: number): void {
    if (this.length === this.items.length) this.grow();
    this.items[this.length++] = value;
  }

  /** Appends a statement: the token of its name, and three fields that are not known yet. */
  pushStatement(nameToken: number): void {
    if (this.length + 4 > this.items.length) this.grow();
    const { items, length } = this;
    items[length] = nameToken;
    items[length + 1] = -1;
    items[length + 2] = -1;
    items[length + 3] = -1;
    this.length = length + 4;
  }

  /** The integer at an index that has been written. */
  at(index: number): number {
    return this.items[index] as number;
  }

  /** Forgets everything and makes room for so many integers. */
  reset(expected: number): void {
    this.length = 0;
    if (this.items.length < expected) this.items = new Int32Array(expected);
  }

  /** Copies what has been written, and lets go of a buffer that one huge file made large. */
  take(): Int32Array {
    const taken = this.items.slice(0, this.length);
    if (this.items.length > 8 * USUAL) this.items = new Int32Array(USUAL);
    return taken;
  }

  private grow(): void {
    const larger = new Int32Array(this.items.length * 2);
    larger.set(this.items);
    this.items = larger;
  }
}
