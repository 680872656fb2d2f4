import { addHeaderUpgrade } from "./add-header-upgrade.ts";
import { connectionNotUpgrade } from "./connection-not-upgrade.ts";
import { directiveRefused } from "./directive-refused.ts";
import { duplicateProxySetHeader } from "./duplicate-proxy-set-header.ts";
import { headerNameTypo } from "./header-name-typo.ts";
import { headersLostByInheritance } from "./headers-lost-by-inheritance.ts";
import { headersSwapped } from "./headers-swapped.ts";
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
import { proxyMethodNotGet } from "./proxy-method-not-get.ts";
import { proxyPassWsScheme } from "./proxy-pass-ws-scheme.ts";
import { readTimeoutDefault } from "./read-timeout-default.ts";
import { readTimeoutShort } from "./read-timeout-short.ts";
import { responseHeaderHidden } from "./response-header-hidden.ts";
import type { Rule, RuleInfo } from "./rule.ts";
import { secWebsocketStripped } from "./sec-websocket-stripped.ts";
import { staticUpgradeHeader } from "./static-upgrade-header.ts";
import { syntaxError } from "./syntax-error.ts";
import { timeoutUnit } from "./timeout-unit.ts";
import { undefinedUpgradeVariable } from "./undefined-upgrade-variable.ts";
import { unusedSuppression } from "./unused-suppression.ts";
import { upgradeValueInvalid } from "./upgrade-value-invalid.ts";

/** Every rule, in the order people meet them: the handshake first, then its map, then what follows. */
export const allRules: readonly Rule[] = [
  missingUpgradeHeaders,
  missingUpgradeHeader,
  missingConnectionHeader,
  connectionNotUpgrade,
  upgradeValueInvalid,
  headersSwapped,
  headerNameTypo,
  staticUpgradeHeader,
  duplicateProxySetHeader,
  addHeaderUpgrade,
  responseHeaderHidden,
  secWebsocketStripped,
  proxyMethodNotGet,
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
  proxyPassWsScheme,
  directiveRefused,
  syntaxError,
  unusedSuppression,
];

/** What the outside sees of them. */
export const rules: readonly RuleInfo[] = allRules;

export type { RuleInfo };
