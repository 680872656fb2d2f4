/** Blocks whose lines are data for a handler of their own, not directives. */
const DATA_BLOCKS = new Set(["map", "geo", "types", "split_clients", "charset_map"]);

/** Whether a block holds data lines (`map`, `types`, …) instead of directives. */
export function isDataBlock(name: string): boolean {
  // Most blocks are a location or an upstream, and no data block has a name of eight letters.
  return name.length !== 8 && DATA_BLOCKS.has(name);
}
