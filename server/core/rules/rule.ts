import type { Applicability, Cause, Severity } from "../finding.ts";
import type { Environment } from "../model/config.ts";
import type { LocationBlock } from "../model/location.ts";
import type { MapBlock } from "../model/maps.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import type { ServerBlock } from "../model/server.ts";
import type { Upstream } from "../model/upstream.ts";
import type { Place } from "../syntax/directive.ts";

/** A replacement of a place by a text; a place of no length inserts. */
export interface DraftEdit {
  readonly place: Place;
  readonly newText: string;
}

/** A fix before its places are turned into offsets. */
export interface DraftFix {
  readonly title: string;
  readonly applicability: Applicability;
  readonly edits: readonly DraftEdit[];
}

/** What a rule reports. */
export interface Draft {
  readonly place: Place;
  readonly severity: Severity;
  /** The consequence first; the first sentence within 90 characters; no Markdown. */
  readonly message: string;
  readonly related?: readonly { readonly place: Place; readonly message: string }[];
  /** The preferred fix first. */
  readonly fixes?: readonly DraftFix[];
}

/** One kind of mistake. A `check` method exists for each model entity the rule looks at. */
export interface Rule {
  /** Kebab-case; names the mistake, so that “allow <id>” reads well. */
  readonly id: string;
  /** The most severe level it reports at. */
  readonly severity: Severity;
  readonly cause?: Cause;
  /** The mistake in one line. */
  readonly what: string;
  /** What happens because of it. */
  readonly why: string;
  /** The best applicability its fixes can have. */
  readonly fixable: Applicability | "none";
  /** Whether it speaks about what is missing or about several lines together, which a template may decide. */
  readonly isStructural?: true;
  /** Whether it speaks only where somebody switches it on: it points out lines that do nothing, and nobody has to care. */
  readonly isOffByDefault?: true;
  readonly check: {
    /** A location (or an `if` in one) with `proxy_pass`. */
    proxy?(proxy: ProxyBlock, environment: Environment): Iterable<Draft>;
    /** Any location of a server, whatever answers its requests; named and nested ones too. */
    location?(location: LocationBlock, environment: Environment): Iterable<Draft>;
    /** A server of the http level, or the outermost level of a file that goes inside one. */
    server?(server: ServerBlock, environment: Environment): Iterable<Draft>;
    /** An upstream of the http level. */
    upstream?(upstream: Upstream, environment: Environment): Iterable<Draft>;
    map?(map: MapBlock, environment: Environment): Iterable<Draft>;
    /**
     * The configuration as a whole, for what the main level or several servers decide together. Where it looks at each
     * server it gives undefined after each: whoever runs it may take a break there.
     */
    config?(environment: Environment): Iterable<Draft | undefined>;
  };
}

/** What the outside sees of a rule. */
export type RuleInfo = Omit<Rule, "check">;
