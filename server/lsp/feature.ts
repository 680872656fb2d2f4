import type { Target } from "./convert.ts";
import type { Guard } from "./guard.ts";

/** What features that answer requests need from the server. */
export interface FeatureHost {
  readonly target: Target;
  readonly guard: Guard;
  /** Waits until everything that the open documents need has been read. */
  settle(): Promise<void>;
}
