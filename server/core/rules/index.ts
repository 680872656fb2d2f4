import { chainTimeout } from "./chain-timeout.ts";
import { connectionNotUpgrade } from "./connection-not-upgrade.ts";
import { headersLostByInheritance } from "./headers-lost-by-inheritance.ts";
import { httpVersion10 } from "./http-version-1-0.ts";
import { httpVersion2 } from "./http-version-2.ts";
import { inheritedHeadersDropped } from "./inherited-headers-dropped.ts";
import { literalUpgradeOnSharedLocation } from "./literal-upgrade-on-shared-location.ts";
import { longTimeoutNoKeepalive } from "./long-timeout-no-keepalive.ts";
import { mapCaseSensitiveRegex } from "./map-case-sensitive-regex.ts";
import { mapCloseDefeatsKeepalive } from "./map-close-defeats-keepalive.ts";
import { mapConflict } from "./map-conflict.ts";
import { mapRegexClobbersCaptures } from "./map-regex-clobbers-captures.ts";
import { mapReservedTarget } from "./map-reserved-target.ts";
import { mapSourceConnectionExact } from "./map-source-connection-exact.ts";
import { mapValuesWrong } from "./map-values-wrong.ts";
import { mapWrongContext } from "./map-wrong-context.ts";
import { missingConnectionHeader } from "./missing-connection-header.ts";
import { missingUpgradeHeader } from "./missing-upgrade-header.ts";
import { missingUpgradeHeaders } from "./missing-upgrade-headers.ts";
import { onlySendTimeout } from "./only-send-timeout.ts";
import { proxyPassWsScheme } from "./proxy-pass-ws-scheme.ts";
import { readTimeoutDefault } from "./read-timeout-default.ts";
import { readTimeoutShort } from "./read-timeout-short.ts";
import { reloadDropsOrPins } from "./reload-drops-or-pins.ts";
import type { Rule, RuleInfo } from "./rule.ts";
import { streamProxyTimeout } from "./stream-proxy-timeout.ts";
import { syntaxError } from "./syntax-error.ts";
import { timeoutInvalid } from "./timeout-invalid.ts";
import { timeoutUnit } from "./timeout-unit.ts";
import { undefinedUpgradeVariable } from "./undefined-upgrade-variable.ts";
import { unusedSuppression } from "./unused-suppression.ts";
import { upgradeValueInvalid } from "./upgrade-value-invalid.ts";
import { variableSetElsewhere } from "./variable-set-elsewhere.ts";

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
  variableSetElsewhere,
  mapReservedTarget,
  mapConflict,
  mapSourceConnectionExact,
  mapCaseSensitiveRegex,
  mapRegexClobbersCaptures,
  readTimeoutDefault,
  onlySendTimeout,
  readTimeoutShort,
  timeoutUnit,
  timeoutInvalid,
  chainTimeout,
  longTimeoutNoKeepalive,
  streamProxyTimeout,
  reloadDropsOrPins,
  proxyPassWsScheme,
  syntaxError,
  unusedSuppression,
];

/** What the outside sees of them. */
export const rules: readonly RuleInfo[] = allRules;

export type { RuleInfo };
