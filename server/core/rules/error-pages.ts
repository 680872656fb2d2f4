import type { LocationBlock } from "../model/location.ts";

/** Whether a status goes on to another page or location: with `error_page 404 = @app` that is no answer yet. */
export function isHandedOn(location: LocationBlock, status: string): boolean {
  const { entries, certainty } = location.list("error_page");
  if (certainty === "doubtful") return true;
  return entries.some(({ directive }) => directive.args.some((word) => word.value === status));
}
