import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { testCertificate } from "./certificate.ts";
import type { Nginx } from "./nginx.ts";
import { findListenAddresses, type ListenAddress, prepareText, type Substitutes, wrapText } from "./prepare.ts";
import { findTruthLines, readStatement, type Statement } from "./truths.ts";

/** A configuration with everything that is stated about it. */
export interface Fixture {
  /** How tests call it: its path, or page and line. */
  readonly name: string;
  /** Name of the root file among `files`. */
  readonly root: string;
  /** Path as seen from the root file's folder → text. */
  readonly files: ReadonlyMap<string, string>;
  readonly statement: Statement;
}

/** What a judge found wrong, in plain words. */
export interface Disagreement {
  readonly judge: "format" | "analyser" | "nginx -t" | "nginx" | "fixes";
  readonly message: string;
}

const cgiParameters = [
  "REQUEST_METHOD $request_method",
  "REQUEST_URI $request_uri",
  "SERVER_PROTOCOL $server_protocol",
];

/** The files that configurations include everywhere and that no fixture needs to bring. */
export const standardFiles: ReadonlyMap<string, string> = new Map([
  ["mime.types", "types { text/html html; }\n"],
  ["uwsgi_params", cgiParameters.map((each) => `uwsgi_param ${each};\n`).join("")],
  ["fastcgi_params", cgiParameters.map((each) => `fastcgi_param ${each};\n`).join("")],
]);

/** Makes a fixture of texts. */
export function makeFixture(name: string, root: string, files: ReadonlyMap<string, string>): Fixture {
  return { name, root, files, statement: readStatement(findTruthLines(files.get(root) ?? "")) };
}

/** Reads a fixture: a `.conf` file, or a folder whose root file is `nginx.conf`. */
export function readFixture(path: string): Fixture {
  if (!statSync(path).isDirectory()) {
    const root = basename(path);
    return makeFixture(path, root, new Map([[root, readFileSync(path, "utf8")]]));
  }
  const files = new Map<string, string>();
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(file.slice(path.length + 1).replaceAll("\\", "/"), readFileSync(file, "utf8"));
  }
  return makeFixture(path, "nginx.conf", files);
}

/** The fixtures of a folder of rules: `<folder>/<rule>/*.conf` and `<folder>/<rule>/<name>/`. */
export function findFixtures(folder: string): { readonly rule: string; readonly path: string }[] {
  const found: { rule: string; path: string }[] = [];
  for (const rule of readdirSync(folder, { withFileTypes: true })) {
    if (!rule.isDirectory()) continue;
    for (const entry of readdirSync(join(folder, rule.name), { withFileTypes: true })) {
      const isFixture = entry.isDirectory() || entry.name.endsWith(".conf");
      if (isFixture) found.push({ rule: rule.name, path: `${folder}/${rule.name}/${entry.name}` });
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The root file first, then the others. */
function orderedTexts(fixture: Fixture): string[] {
  const others = [...fixture.files].filter(([name]) => name !== fixture.root);
  return [fixture.files.get(fixture.root) ?? "", ...others.map(([, text]) => text)];
}

/** Where a fixture listens. */
export function listenAddressesOf(fixture: Fixture): ListenAddress[] {
  return findListenAddresses(fixture.statement.context, orderedTexts(fixture));
}

/** A folder with the copy of a fixture that nginx gets. */
export interface Copy {
  readonly prefix: string;
  remove(): void;
}

/** Writes the copy of a fixture with these ports. */
export function writeCopy(fixture: Fixture, nginx: Nginx, ports: Pick<Substitutes, "listenPort" | "backends">): Copy {
  const prefix = mkdtempSync(join(tmpdir(), "nginx-fixture-"));
  // Run by root, nginx's workers are somebody else.
  chmodSync(prefix, 0o755);
  const { context, withMap } = fixture.statement;
  const texts = orderedTexts(fixture);
  const substitutes: Substitutes = { ...ports, prefix, http: commonHttp(nginx, prefix, texts) };
  const write = (name: string, text: string): void => {
    const path = join(prefix, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  for (const [name, text] of standardFiles) write(name, text);
  const { key, cert } = testCertificate();
  write("cert.pem", cert);
  write("key.pem", key);
  for (const [name, text] of fixture.files) {
    const prepared = prepareText(text, texts, substitutes);
    write(name, name === fixture.root ? wrapText(prepared, context, withMap, substitutes) : prepared);
  }
  return { prefix, remove: () => rmSync(prefix, { recursive: true, force: true }) };
}

/** Keeps nginx's files in the prefix folder, so that it runs as anybody. */
function commonHttp(nginx: Nginx, prefix: string, texts: readonly string[]): string {
  const kinds = ["proxy", "fastcgi", "uwsgi", "scgi"].filter(
    (kind) => !nginx.built.includes(`--without-http_${kind}_module`),
  );
  const paths = ["client_body", ...kinds].map((kind) => `${kind}_temp_path`);
  const unset = paths.filter((directive) => !texts.some((text) => text.includes(directive)));
  return ["access_log off;", ...unset.map((directive) => `${directive} ${prefix}/${directive};`)].join(" ");
}
