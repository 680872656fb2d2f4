import { type DescribedRule, ruleLevels, ruleProperties, sharedDescriptions } from "../core/index.ts";
import { type projectFileKeys, projectFileName } from "./content.ts";

/** What the schema says about one key; `default` is what holds without it, in words for the documentation. */
export interface ProjectFileKeySchema {
  readonly type: "string" | "object" | "array";
  readonly markdownDescription: string;
  readonly [keyword: string]: unknown;
}

/** The keys of a project file as JSON schema, in the order people look for them. */
export function projectFileProperties(
  rules: readonly DescribedRule[],
): Readonly<Record<(typeof projectFileKeys)[number], ProjectFileKeySchema>> {
  return {
    $schema: {
      type: "string",
      markdownDescription:
        "Where editors find the schema of this file. VS Code with nginx WebSocket needs no such line.",
    },
    rules: {
      type: "object",
      markdownDescription: sharedDescriptions.rules,
      properties: ruleProperties(rules),
      additionalProperties: false,
    },
    nginxVersion: {
      type: "string",
      pattern: "^(?:(?:nginx/)?\\d{1,3}\\.\\d{1,3}(?:\\.\\d{1,3})?)?$",
      markdownDescription: sharedDescriptions.nginxVersion,
      examples: ["1.22.1", "1.28.0", "1.30.4"],
    },
    includeRoots: {
      type: "object",
      markdownDescription:
        "Where paths that the configuration includes lie here: the path as nginx sees it on the left, the folder on the right, relative to this file or absolute. Example: `/etc/nginx` → `deploy/nginx`",
      additionalProperties: { type: "string", minLength: 1 },
    },
    ignore: {
      type: "array",
      markdownDescription:
        "Files that nothing is reported about, as patterns of a `.gitignore` beside this file. They are still read where others include them. Example: `legacy/`",
      items: { type: "string" },
    },
    failOn: {
      type: "string",
      enum: ruleLevels.slice(0, -1),
      markdownDescription:
        "The mildest severity for which the command line gives exit code 1. Without it any finding does.",
    },
  };
}

/** The JSON schema of the project file. Comments and trailing commas are allowed; the last two keywords tell VS Code so. */
export function projectFileSchema(rules: readonly DescribedRule[]): object {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `nginx WebSocket: ${projectFileName}`,
    description: "What holds for everybody who works on this project, in the editor and on the command line.",
    type: "object",
    properties: projectFileProperties(rules),
    additionalProperties: false,
    allowComments: true,
    allowTrailingCommas: true,
  };
}
