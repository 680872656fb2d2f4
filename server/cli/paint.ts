import { styleText } from "node:util";
import type { Severity } from "../core/index.ts";
import type { ColorChoice } from "./arguments.ts";

/** Formats that styleText knows and we use. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "cyan" | "underline";

/** Puts a style on a text, or leaves the text as it is when there are no colours. */
export type Paint = (style: Style, text: string) => string;

/** Each severity's colour. */
export const severityStyle: Readonly<Record<Severity, Style>> = {
  error: "red",
  warning: "yellow",
  information: "blue",
  hint: "cyan",
};

/** Decides about colours: the option, then NO_COLOR (no-color.org) and FORCE_COLOR, then whether a terminal listens. */
export function choosePaint(choice: ColorChoice, stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  return wantsColor(choice, stream, env)
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_style, text) => text;
}

function wantsColor(choice: ColorChoice, stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (choice !== "auto") return choice === "always";
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0";
  return stream.isTTY === true && env.TERM !== "dumb";
}
