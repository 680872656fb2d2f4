/** Lines that stay around a change, on either side, as `patch` likes it. */
const contextLines = 3;

/** Lines `from` up to before `until` of the old text give way to lines of the new one. */
interface Change {
  readonly from: number;
  readonly until: number;
  readonly newFrom: number;
  readonly newUntil: number;
}

/** A unified diff that `patch -d / -p1` applies to the file with this absolute path. */
export function writePatch(path: string, before: string, after: string): string {
  const old = splitLines(before);
  const fresh = splitLines(after);
  const changes = compare(old, fresh);
  const name = path.replace(/^\/+/, "");
  let output = `--- a/${name}\n+++ b/${name}\n`;
  for (let first = 0; first < changes.length; ) {
    let last = first;
    while (last + 1 < changes.length && changes[last + 1]!.from - changes[last]!.until <= 2 * contextLines) last++;
    output += writeHunk(old, fresh, changes.slice(first, last + 1));
    first = last + 1;
  }
  return output;
}

/** Lines with their line feeds, because the last one may have none. */
function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function writeHunk(old: readonly string[], fresh: readonly string[], changes: readonly Change[]): string {
  const lead = Math.min(contextLines, changes[0]!.from);
  const from = changes[0]!.from - lead;
  const until = Math.min(old.length, changes.at(-1)!.until + contextLines);
  const newFrom = changes[0]!.newFrom - lead;
  const newUntil = changes.at(-1)!.newUntil + until - changes.at(-1)!.until;
  let body = "";
  let at = from;
  for (const change of changes) {
    for (const line of old.slice(at, change.from)) body += write(" ", line);
    for (const line of old.slice(change.from, change.until)) body += write("-", line);
    for (const line of fresh.slice(change.newFrom, change.newUntil)) body += write("+", line);
    at = change.until;
  }
  for (const line of old.slice(at, until)) body += write(" ", line);
  return `@@ -${range(from, until)} +${range(newFrom, newUntil)} @@\n${body}`;
}

function write(sign: string, line: string): string {
  return line.endsWith("\n") ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`;
}

/** The first line and how many; of no lines the line before. */
function range(from: number, until: number): string {
  return `${until > from ? from + 1 : from},${until - from}`;
}

/** The shortest way from one list of lines to another (Myers 1986), as runs of lines that differ. */
function compare(old: readonly string[], fresh: readonly string[]): readonly Change[] {
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let oldEnd = old.length;
  let newEnd = fresh.length;
  while (oldEnd > head && newEnd > head && old[oldEnd - 1] === fresh[newEnd - 1]) {
    oldEnd--;
    newEnd--;
  }
  const trace = search(old.slice(head, oldEnd), fresh.slice(head, newEnd));
  return join(trace).map(({ from, until, newFrom, newUntil }) => ({
    from: from + head,
    until: until + head,
    newFrom: newFrom + head,
    newUntil: newUntil + head,
  }));
}

/** The single lines that are removed or added, in order. */
function search(old: readonly string[], fresh: readonly string[]): Change[] {
  const reached = new Map<number, number>([[1, 0]]);
  const rounds: Map<number, number>[] = [];
  for (let edits = 0; edits <= old.length + fresh.length; edits++) {
    rounds.push(new Map(reached));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = startOn(reached, diagonal, edits);
      while (x < old.length && x - diagonal < fresh.length && old[x] === fresh[x - diagonal]) x++;
      reached.set(diagonal, x);
      if (x >= old.length && x - diagonal >= fresh.length) return walkBack(rounds, old.length, fresh.length);
    }
  }
  return [];
}

/** How far in the old lines one more edit leads on a diagonal. */
function startOn(reached: ReadonlyMap<number, number>, diagonal: number, edits: number): number {
  const right = reached.get(diagonal - 1) ?? -1;
  const down = reached.get(diagonal + 1) ?? -1;
  return diagonal === -edits || (diagonal !== edits && right < down) ? down : right + 1;
}

function walkBack(rounds: readonly ReadonlyMap<number, number>[], oldLength: number, newLength: number): Change[] {
  const steps: Change[] = [];
  let x = oldLength;
  let y = newLength;
  for (let edits = rounds.length - 1; edits > 0; edits--) {
    const reached = rounds[edits]!;
    const diagonal = x - y;
    const isAdded =
      diagonal === -edits ||
      (diagonal !== edits && (reached.get(diagonal - 1) ?? -1) < (reached.get(diagonal + 1) ?? -1));
    const before = isAdded ? diagonal + 1 : diagonal - 1;
    x = reached.get(before)!;
    y = x - before;
    steps.push({ from: x, until: isAdded ? x : x + 1, newFrom: y, newUntil: isAdded ? y + 1 : y });
  }
  return steps.reverse();
}

/** Makes one change of neighbours. */
function join(steps: readonly Change[]): Change[] {
  const changes: Change[] = [];
  for (const step of steps) {
    const last = changes.at(-1);
    if (last !== undefined && last.until === step.from && last.newUntil === step.newFrom) {
      changes[changes.length - 1] = { ...last, until: step.until, newUntil: step.newUntil };
    } else {
      changes.push(step);
    }
  }
  return changes;
}
