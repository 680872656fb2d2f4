import { allSymptoms } from "./index.ts";
import type { Symptom } from "./symptom.ts";

/** Of a log the beginning is enough to guess by. */
const maxRead = 2000;
const maxNearest = 3;

/** Longer words that say nothing about what fails. */
const emptyWords: ReadonlySet<string> = new Set(
  "cannot does doesn from have here into just nothing nginx only some something that them then there this websocket what when where which with work working works".split(
    " ",
  ),
);

/** What to say about a text in which nothing is known: what would have been, and what comes nearest to it. */
export function notRecognised(text: string): string {
  const nearest = nearestSymptoms(text);
  const list = nearest.map(({ title }) => `- ${title}`).join("\n");
  return `# Not recognised

A status, a close code, the time after which it closes, a line of the browser console, of a log or of \`nginx -t\`, and what fails in plain words are understood.

For instance: \`426\`, \`closes after 60 s\`, \`works locally but not behind nginx\`
${nearest.length === 0 ? "" : `\nNearest to it:\n${list}\n`}`;
}

/** The symptoms that share the rarest words with a text, the nearest first. */
function nearestSymptoms(text: string): readonly Symptom[] {
  const asked = wordsIn(text.slice(0, maxRead));
  const known = allSymptoms.map((symptom) => ({ symptom, words: wordsIn(describe(symptom)) }));
  const counts = new Map<string, number>();
  for (const { words } of known) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const ranked = known.map(({ symptom, words }) => {
    let score = 0;
    // A word that every other symptom has says nothing.
    for (const word of asked) if (words.has(word)) score += Math.max(0, 1 / (counts.get(word) ?? 1) - 0.05);
    return { symptom, score };
  });
  return ranked
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, maxNearest)
    .map(({ symptom }) => symptom);
}

function describe({ title, explanation, signs }: Symptom): string {
  return [title, explanation, ...(signs.texts ?? []), ...(signs.words ?? [])].join(" ");
}

function wordsIn(text: string): ReadonlySet<string> {
  return new Set(
    (text.toLowerCase().match(/[a-z0-9_]+/g) ?? []).filter((word) => word.length > 3 && !emptyWords.has(word)),
  );
}
