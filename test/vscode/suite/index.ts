import { runSuites } from "./mocha.ts";

/** What VS Code calls to run the tests; throws when one fails. */
export function run(): Promise<void> {
  return runSuites(async () => {
    await import("./diagnostics.ts");
    await import("./quick-fix.ts");
    await import("./symptom.ts");
    await import("./effective.ts");
    await import("./navigation.ts");
    await import("./completion.ts");
    await import("./language.ts");
    await import("./association.ts");
    await import("./settings.ts");
    await import("./presence.ts");
    // Last what changes the size and the colours of the window.
    await import("./pictures.ts");
    await import("./tour.ts");
    await import("./walkthrough-pictures.ts");
  });
}
