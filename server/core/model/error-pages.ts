import type { Word } from "../syntax/directive.ts";
import type { EffectiveList } from "./effective.ts";
import type { Entry } from "./scope.ts";

/** An `error_page` directive (ngx_http_core_error_page). */
export interface ErrorPage {
  readonly entry: Entry;
  readonly codes: readonly number[];
  /** The status that the client gets: the one of the error, the one of whatever answers, or a fixed one. */
  readonly status: "of the error" | "of the target" | number;
  /** The word `=` or `=200`, where there is one. */
  readonly equals: Word | undefined;
  /** A path, the name of a location (`@name`), or a URL. */
  readonly target: Word;
  /** Whether the client is redirected to a URL instead of getting an answer from here. */
  readonly isRedirect: boolean;
}

/** Reads the `error_page` directives in force, in nginx's order: of several for one code the first counts. */
export function readErrorPages({ entries }: Pick<EffectiveList, "entries">): readonly ErrorPage[] {
  return entries.flatMap((entry) => readErrorPage(entry) ?? []);
}

function readErrorPage(entry: Entry): ErrorPage | undefined {
  const words = [...entry.directive.args];
  const target = words.pop();
  if (!target || words.length === 0) return undefined;
  const equals = words.at(-1)?.value.startsWith("=") ? words.pop() : undefined;
  const fixed = Number(equals?.value.slice(1));
  return {
    entry,
    codes: words.map((word) => Number(word.value)),
    status: !equals ? "of the error" : fixed > 0 ? fixed : "of the target",
    equals,
    target,
    isRedirect: !/^[/@]/.test(target.value),
  };
}

/** The page that answers an error. */
export function pageFor(pages: readonly ErrorPage[], code: number): ErrorPage | undefined {
  return pages.find(({ codes }) => codes.includes(code));
}
