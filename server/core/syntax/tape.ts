/** A growing array of 32-bit integers: what the parser writes tokens and statements to. */
export class Tape {
  items: Int32Array;
  length = 0;

  constructor(capacity: number) {
    this.items = new Int32Array(capacity);
  }

  /** Appends one integer. */
  push(value: number): void {
    if (this.length === this.items.length) this.grow();
    this.items[this.length++] = value;
  }

  /** The integer at an index that has been written. */
  at(index: number): number {
    return this.items[index] as number;
  }

  /** Forgets everything, and a buffer that one huge file made large. */
  reset(): void {
    this.length = 0;
    if (this.items.length > 1 << 18) this.items = new Int32Array(1 << 14);
  }

  private grow(): void {
    const larger = new Int32Array(this.items.length * 2);
    larger.set(this.items);
    this.items = larger;
  }
}
