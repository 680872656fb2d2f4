import type { Uri } from "vscode";
import { type BaseLanguageClient, State } from "vscode-languageclient";

/** What the server says about a document; see its `describe` command. */
export interface Description {
  readonly state: "off" | "dump" | "whole" | "included" | "fragment" | "closed" | "foreign";
  readonly version: string | null;
  readonly versionSource: string;
  readonly badVersion: string | null;
  readonly roots: readonly DescribedRoot[];
  readonly files: number;
  /** Rule → findings in this document. */
  readonly findings: Readonly<Record<string, number>>;
  readonly runtime: string | null;
  readonly errors: readonly string[];
}

/** A configuration that the document is part of. */
export interface DescribedRoot {
  readonly uri: string;
  readonly context: string;
  readonly files: number;
  readonly unresolved: readonly string[];
}

/** Asks the server about a document; nothing while it is not there to answer. */
export async function describe(client: BaseLanguageClient, uri: Uri | undefined): Promise<Description | undefined> {
  if (client.state !== State.Running) return undefined;
  const argument = uri && client.code2ProtocolConverter.asUri(uri);
  const params = { command: "nginxWebsocket.describe", arguments: argument === undefined ? [] : [argument] };
  try {
    return (await client.sendRequest<Description | null>("workspace/executeCommand", params)) ?? undefined;
  } catch {
    // It stopped meanwhile; whoever watches its state says so.
    return undefined;
  }
}
