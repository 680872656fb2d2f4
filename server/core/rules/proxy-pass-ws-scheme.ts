import { replace } from "../edits/insert.ts";
import type { Environment } from "../model/config.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { variableName } from "../model/variables.ts";
import { variablesIn } from "../nginx/variables.ts";
import type { Word } from "../syntax/directive.ts";
import type { Rule } from "./rule.ts";

const scheme = /^(['"]?)ws(s?):\/\//i;

/** proxy_pass names the browser's scheme instead of nginx's. */
export const proxyPassWsScheme: Rule = {
  id: "proxy-pass-ws-scheme",
  severity: "error",
  cause: 4,
  what: "The backend is written as ws:// or wss://, which nginx does not know.",
  why: "nginx speaks HTTP to the backend until the 101: the scheme is http or https. With ws:// it does not start, or answers 500 when the URL is in a variable.",
  fixable: "safe",
  check: {
    *proxy(proxy, environment) {
      for (const { word, late } of places(proxy, environment)) {
        const found = word.raw.match(scheme)?.[0].replace(/['"]/g, "") ?? "ws://";
        const right = found.length > 5 ? "https://" : "http://";
        yield {
          place: word,
          severity: "error",
          message: late
            ? `Requests passed to this URL end in 500: nginx knows no ${found}. Write ${right}; the upgrade happens inside that HTTP connection.`
            : `nginx will not start: invalid URL prefix, it knows no ${found}. Write ${right}; the upgrade happens inside that HTTP connection.`,
          fixes: [
            {
              title: `Use ${right}`,
              applicability: "safe",
              edits: [
                replace(
                  word,
                  word.raw.replace(scheme, (_, quote: string) => quote + right),
                ),
              ],
            },
          ],
        };
      }
    },
  },
};

/** The URL itself, or the values of the variables in it that begin with the scheme. */
function* places(proxy: ProxyBlock, { definitions }: Environment): Generator<{ word: Word; late: boolean }> {
  const { url } = proxy;
  if (scheme.test(url.value)) {
    yield { word: url, late: url.value.includes("$") };
    return;
  }
  if (!url.value.startsWith("$")) return;
  const name = variablesIn(url.value)[0] as string;
  for (const map of definitions.get(name)?.maps ?? []) {
    for (const entry of [...map.entries, ...(map.defaultEntry ? [map.defaultEntry] : [])]) {
      if (scheme.test(entry.value.value)) yield { word: entry.value, late: true };
    }
  }
  for (const level of proxy.scope.outwards()) {
    for (const entry of level.own("set")) {
      const word = entry.directive.args[1];
      if (word && variableName(entry.directive.arg(0)) === name && scheme.test(word.value)) yield { word, late: true };
    }
  }
}
