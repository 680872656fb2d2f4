import { resolve } from "node:path";
import { makeSites } from "./texts.ts";

/** A language server with documents without mistakes, and a word in them that one more letter makes a mistake. */
export interface Language {
  readonly name: string;
  readonly script: string;
  readonly languageId: string;
  readonly fileName: string;
  /** A document of about this many characters. */
  readonly make: (length: number) => string;
  /** A letter typed at the end of this text is a mistake; deleted again, it is none. */
  readonly before: string;
}

const PEERS = "out/bench-peers/node_modules";

/** Ours first; then peers that send diagnostics by themselves after each change. */
export const languages: readonly Language[] = [
  {
    name: "ours",
    script: resolve("dist/server.cjs"),
    languageId: "nginx",
    fileName: "nginx.conf",
    make: makeSites,
    before: "proxy_set_header Upgrade",
  },
  {
    name: "dockerfile",
    script: resolve(PEERS, "dockerfile-language-server-nodejs/lib/server.js"),
    languageId: "dockerfile",
    fileName: "Dockerfile",
    make: makeDockerfile,
    before: "\nCOPY",
  },
  {
    name: "json",
    script: resolve(PEERS, "vscode-langservers-extracted/lib/json-language-server/node/jsonServerMain.js"),
    languageId: "json",
    fileName: "settings.json",
    make: makeJson,
    before: '"ssl": true',
  },
];

function makeDockerfile(length: number): string {
  const step = (number: number): string => `# What shop ${number} needs.
ENV SHOP_${number}=customer-${number % 97} PORT_${number}=8080
COPY --chown=www:www shops/${number} /srv/www/site${number}
RUN apk add --no-cache nodejs npm && npm ci --prefix /srv/www/site${number}
EXPOSE ${1024 + (number % 60_000)}
`;
  return repeat("FROM alpine:3.20\n", step, "WORKDIR /srv\n", length);
}

function makeJson(length: number): string {
  const site = (number: number): string => `  "site${number}": {
    "name": ["site${number}.example.com", "www.site${number}.example.com"],
    "ssl": true,
    "headers": { "Upgrade": "$http_upgrade", "Connection": "$connection_upgrade" },
    "upstream": [{ "host": "10.0.${number % 200}.7", "port": 8080 }, { "host": "10.0.${number % 200}.8", "port": 8080 }]
  },
`;
  return repeat("{\n", site, '  "end": 0\n}\n', length);
}

function repeat(head: string, part: (number: number) => string, tail: string, length: number): string {
  const parts = [head];
  for (let sum = head.length + tail.length, number = 0; number === 0 || sum < length; number++) {
    const next = part(number);
    parts.push(next);
    sum += next.length;
  }
  return [...parts, tail].join("");
}
