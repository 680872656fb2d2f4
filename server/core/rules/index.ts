import { connectionNotUpgrade } from "./connection-not-upgrade.ts";
import { headersLostByInheritance } from "./headers-lost-by-inheritance.ts";
import { httpVersion10 } from "./http-version-1-0.ts";
import { httpVersion2 } from "./http-version-2.ts";
import { inheritedHeadersDropped } from "./inherited-headers-dropped.ts";
import { literalUpgradeOnSharedLocation } from "./literal-upgrade-on-shared-location.ts";
import { mapCloseDefeatsKeepalive } from "./map-close-defeats-keepalive.ts";
import { mapValuesWrong } from "./map-values-wrong.ts";
import { mapWrongContext } from "./map-wrong-context.ts";
import { missingConnectionHeader } from "./missing-connection-header.ts";
import { missingUpgradeHeader } from "./missing-upgrade-header.ts";
import { missingUpgradeHeaders } from "./missing-upgrade-headers.ts";
import { nestedLocationNoPass } from "./nested-location-no-pass.ts";
import { pathStripped } from "./path-stripped.ts";
import { proxyPassWsScheme } from "./proxy-pass-ws-scheme.ts";
import { readTimeoutDefault } from "./read-timeout-default.ts";
import { readTimeoutShort } from "./read-timeout-short.ts";
import { returnBeforeProxy } from "./return-before-proxy.ts";
import { rewriteEmptiesUri } from "./rewrite-empties-uri.ts";
import type { Rule, RuleInfo } from "./rule.ts";
import { shadowedByRegex } from "./shadowed-by-regex.ts";
import { syntaxError } from "./syntax-error.ts";
import { timeoutUnit } from "./timeout-unit.ts";
import { trailingSlashRedirect } from "./trailing-slash-redirect.ts";
import { tryFilesBeforeProxy } from "./try-files-before-proxy.ts";
import { undefinedUpgradeVariable } from "./undefined-upgrade-variable.ts";
import { unusedSuppression } from "./unused-suppression.ts";
import { upgradeValueInvalid } from "./upgrade-value-invalid.ts";
import { variableUri } from "./variable-uri.ts";

/** Every rule, in the order people meet them: the handshake first, then its map, then what follows. */
export const allRules: readonly Rule[] = [
  missingUpgradeHeaders,
  missingUpgradeHeader,
  missingConnectionHeader,
  connectionNotUpgrade,
  upgradeValueInvalid,
  headersLostByInheritance,
  inheritedHeadersDropped,
  httpVersion10,
  httpVersion2,
  literalUpgradeOnSharedLocation,
  mapCloseDefeatsKeepalive,
  undefinedUpgradeVariable,
  mapWrongContext,
  mapValuesWrong,
  readTimeoutDefault,
  readTimeoutShort,
  timeoutUnit,
  trailingSlashRedirect,
  pathStripped,
  variableUri,
  rewriteEmptiesUri,
  shadowedByRegex,
  nestedLocationNoPass,
  tryFilesBeforeProxy,
  returnBeforeProxy,
  proxyPassWsScheme,
  syntaxError,
  unusedSuppression,
];

/** What the outside sees of them. */
export const rules: readonly RuleInfo[] = allRules;

export type { RuleInfo };
