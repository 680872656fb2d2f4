import { applyEdits, applyFixes, type Finding } from "../../server/core/index.ts";
import { analyse } from "./analyser.ts";
import { isRemark, markerOf } from "./compare.ts";
import type { Fixture } from "./fixture.ts";
import { withMarkers, withoutMarkers } from "./markers.ts";
import { findEditMistakes, findTextMistakes } from "./oracle.ts";
import { nameOf } from "./prepare.ts";
import { restateTruths } from "./restate.ts";

/** What the safe fixes make of a fixture. */
export interface FixedTexts {
  /** The texts of the fixed fixture; nothing when there is no safe fix. */
  readonly texts: ReadonlyMap<string, string> | undefined;
  /** What is wrong with the fixes, in plain words. */
  readonly mistakes: readonly string[];
}

/**
 * Applies the safe fixes to a fixture, without its markers, and checks what holds for every fix: edits lie in their
 * file, do not overlap and change something; comments stay; a second round finds nothing to do; the rule is silent.
 */
export async function fixTexts(fixture: Fixture, rule: string): Promise<FixedTexts> {
  const bare = mapTexts(fixture.files, withoutMarkers);
  const before = await analyse(fixture, bare, rule);
  const findings = [...before.values()].flat();
  const mistakes = findings.flatMap((finding) => findEditMistakes(finding, bare));
  if (mistakes.length > 0) return { texts: undefined, mistakes };
  const edits = applyFixes(findings);
  if ([...edits.values()].every((each) => each.length === 0)) return { texts: undefined, mistakes };

  const fixed = new Map(bare);
  for (const [file, fileEdits] of edits) {
    const text = bare.get(nameOf(file));
    if (text === undefined) return { texts: undefined, mistakes: [`a safe fix edits ${file}, which does not exist`] };
    const result = applyEdits(text, fileEdits);
    fixed.set(nameOf(file), result);
    mistakes.push(...findTextMistakes(nameOf(file), text, fileEdits, result));
  }
  const after = await analyse(fixture, fixed, rule);
  const again = [...applyFixes([...after.values()].flat()).values()].flat();
  if (again.length > 0) mistakes.push(`the fixed text is fixed again: ${JSON.stringify(again[0]!.newText)}`);
  const fixedRules = new Set(findings.filter(hasSafeFix).map((finding) => finding.rule));
  const left = [...after.values()].flat().find((finding) => finding.rule === rule && fixedRules.has(rule));
  if (left) mistakes.push(`the fixed text is not silent for ${rule}: ${left.message}`);
  return { texts: await dressTexts(fixture, fixed, rule), mistakes };
}

function hasSafeFix(finding: Finding): boolean {
  return finding.fixes[0]?.applicability === "safe";
}

function mapTexts(texts: ReadonlyMap<string, string>, change: (text: string) => string): Map<string, string> {
  return new Map([...texts].map(([name, text]) => [name, change(text)]));
}

/** Gives fixed texts the truths and the markers that hold for them, which makes them a fixture. */
async function dressTexts(
  fixture: Fixture,
  fixed: ReadonlyMap<string, string>,
  rule: string,
): Promise<Map<string, string>> {
  const dressed = new Map(fixed);
  dressed.set(fixture.root, restateTruths(fixed.get(fixture.root)!));
  const analysis = await analyse(fixture, dressed, rule);
  for (const [name, findings] of analysis) {
    const text = dressed.get(name)!;
    dressed.set(
      name,
      withMarkers(
        text,
        findings.filter((finding) => !isRemark(finding, rule)).map((finding) => markerOf(text, finding)),
      ),
    );
  }
  return dressed;
}
