import { affinityNeeded } from "./affinity-needed.ts";
import { affinityNotNeeded } from "./affinity-not-needed.ts";
import { balancerConflict } from "./balancer-conflict.ts";
import { bodySizeLimitsPolling } from "./body-size-limits-polling.ts";
import { bufferingDelaysEvents } from "./buffering-delays-events.ts";
import { connectionNotUpgrade } from "./connection-not-upgrade.ts";
import { hashVolatileKey } from "./hash-volatile-key.ts";
import { headersLostByInheritance } from "./headers-lost-by-inheritance.ts";
import { httpVersion10 } from "./http-version-1-0.ts";
import { httpVersion2 } from "./http-version-2.ts";
import { inheritedHeadersDropped } from "./inherited-headers-dropped.ts";
import { ipHashCoarse } from "./ip-hash-coarse.ts";
import { leastConnSuggestion } from "./least-conn-suggestion.ts";
import { limitConn } from "./limit-conn.ts";
import { limitReq } from "./limit-req.ts";
import { literalUpgradeOnSharedLocation } from "./literal-upgrade-on-shared-location.ts";
import { mapCloseDefeatsKeepalive } from "./map-close-defeats-keepalive.ts";
import { mapValuesWrong } from "./map-values-wrong.ts";
import { mapWrongContext } from "./map-wrong-context.ts";
import { maxConns } from "./max-conns.ts";
import { missingConnectionHeader } from "./missing-connection-header.ts";
import { missingUpgradeHeader } from "./missing-upgrade-header.ts";
import { missingUpgradeHeaders } from "./missing-upgrade-headers.ts";
import { nestedLocationNoPass } from "./nested-location-no-pass.ts";
import { pathStripped } from "./path-stripped.ts";
import { proxyCacheOnWebsocket } from "./proxy-cache-on-websocket.ts";
import { proxyPassWsScheme } from "./proxy-pass-ws-scheme.ts";
import { readTimeoutDefault } from "./read-timeout-default.ts";
import { readTimeoutShort } from "./read-timeout-short.ts";
import { returnBeforeProxy } from "./return-before-proxy.ts";
import { rewriteEmptiesUri } from "./rewrite-empties-uri.ts";
import { rlimitNofile } from "./rlimit-nofile.ts";
import type { Rule, RuleInfo } from "./rule.ts";
import { shadowedByRegex } from "./shadowed-by-regex.ts";
import { stickyVersion } from "./sticky-version.ts";
import { syntaxError } from "./syntax-error.ts";
import { timeoutUnit } from "./timeout-unit.ts";
import { trailingSlashRedirect } from "./trailing-slash-redirect.ts";
import { tryFilesBeforeProxy } from "./try-files-before-proxy.ts";
import { undefinedUpgradeVariable } from "./undefined-upgrade-variable.ts";
import { unusedSuppression } from "./unused-suppression.ts";
import { upgradeValueInvalid } from "./upgrade-value-invalid.ts";
import { variableUri } from "./variable-uri.ts";
import { workerConnections } from "./worker-connections.ts";

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
  bufferingDelaysEvents,
  proxyCacheOnWebsocket,
  bodySizeLimitsPolling,
  affinityNeeded,
  affinityNotNeeded,
  hashVolatileKey,
  balancerConflict,
  stickyVersion,
  leastConnSuggestion,
  ipHashCoarse,
  maxConns,
  limitConn,
  limitReq,
  workerConnections,
  rlimitNofile,
  syntaxError,
  unusedSuppression,
];

/** What the outside sees of them. */
export const rules: readonly RuleInfo[] = allRules;

export type { RuleInfo };
