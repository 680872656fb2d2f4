import { passAnchor } from "../edits/headers.ts";
import { insertAfter } from "../edits/insert.ts";
import type { Environment } from "../model/config.ts";
import type { ProxyBlock } from "../model/proxy.ts";
import { isAddress, readTarget, upstreamOf } from "../model/target.ts";
import { isMeant, passPlace, pathText } from "./handshake.ts";
import type { Draft, Rule } from "./rule.ts";

/** The backend's certificate is checked, but against nothing, or for a name it cannot bear. */
export const sslVerifyName: Rule = {
  id: "ssl-verify-name",
  severity: "error",
  cause: 4,
  what: "proxy_ssl_verify is on without the certificate to check against, or for the name of an upstream block.",
  why: "Without proxy_ssl_trusted_certificate nginx does not start. With it, the name in proxy_pass must be in the certificate, and an upstream's name is not.",
  fixable: "suggested",
  isStructural: true,
  check: {
    *proxy(proxy, environment) {
      const verify = proxy.value("proxy_ssl_verify").entry;
      if (verify?.directive.arg(0)?.toLowerCase() !== "on" || !preparesTls(proxy)) return;
      const { entry, certainty } = proxy.value("proxy_ssl_trusted_certificate");
      if (entry) yield* wrongName(proxy, environment);
      else if (certainty !== "doubtful") {
        const isSure = certainty === "complete";
        yield {
          place: verify.directive.namePlace,
          severity: isSure ? "error" : "information",
          message: isSure
            ? "nginx will not start: no proxy_ssl_trusted_certificate for proxy_ssl_verify. Name the file with the CA that signed the backend's certificate."
            : "nginx will not start unless an outer level has proxy_ssl_trusted_certificate. proxy_ssl_verify needs the file with the CA that signed the backend's certificate.",
          related: [{ place: proxy.url, message: "For this URL nginx prepares TLS." }],
        };
      }
    },
  },
};

/** Whether nginx prepares TLS for the location: for an `https://` URL, and for any URL with variables, even `http://$app`. */
function preparesTls({ url }: ProxyBlock): boolean {
  return /^https:\/\//i.test(url.value) || url.value.includes("$");
}

function* wrongName(proxy: ProxyBlock, environment: Environment): Generator<Draft> {
  const target = readTarget(proxy.url.value);
  const upstream = target && upstreamOf(target, environment);
  // A certificate may well be made for a name with dots, even if that is what the block is called.
  if (!upstream || upstream.name.includes(".") || !isMeant(proxy)) return;
  const { entry, certainty } = proxy.value("proxy_ssl_name");
  if (entry || certainty === "doubtful") return;
  const hosts = new Set(upstream.usable.map(({ address }) => address.replace(/:\d+$/, "")));
  const [host] = hosts;
  const isOne = hosts.size === 1 && host !== undefined && !isAddress(host) && /^[\w.-]+$/.test(host);
  yield {
    place: passPlace(proxy),
    severity: "warning",
    message: `WebSocket on ${pathText(proxy)} ends in 502: no certificate is made for “${upstream.name.slice(0, 20)}”. proxy_ssl_verify compares the name in proxy_pass, which is an upstream block here; proxy_ssl_name says what the certificate is made for.`,
    related: [{ place: upstream.directive.head, message: "The name is only known in this configuration." }],
    fixes: isOne
      ? [
          {
            title: `Check for ${host}`,
            applicability: "suggested",
            edits: [insertAfter(passAnchor(proxy), [`proxy_ssl_name ${host};`])],
          },
        ]
      : [],
  };
}
