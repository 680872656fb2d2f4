import type { HoverText } from "./hover-text.ts";
import { balancingTexts } from "./texts/balancing.ts";
import { limitTexts } from "./texts/limits.ts";
import { passingTexts } from "./texts/passing.ts";
import { routingTexts } from "./texts/routing.ts";
import { servingTexts } from "./texts/serving.ts";

export { variableTexts } from "./texts/variables.ts";

/** Directives that decide whether a WebSocket connects and lives. */
export const directiveTexts: Readonly<Record<string, HoverText>> = {
  ...passingTexts,
  ...routingTexts,
  ...balancingTexts,
  ...servingTexts,
  ...limitTexts,
};
