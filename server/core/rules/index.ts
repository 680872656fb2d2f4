import { authRedirectsHandshake } from "./auth-redirects-handshake.ts";
import { authRequestInheritsUpgrade } from "./auth-request-inherits-upgrade.ts";
import { connectionNotUpgrade } from "./connection-not-upgrade.ts";
import { errorPageMasksStatus } from "./error-page-masks-status.ts";
import { errorPageWithoutEquals } from "./error-page-without-equals.ts";
import { headersLostByInheritance } from "./headers-lost-by-inheritance.ts";
import { httpVersion10 } from "./http-version-1-0.ts";
import { httpVersion2 } from "./http-version-2.ts";
import { inheritedHeadersDropped } from "./inherited-headers-dropped.ts";
import { literalUpgradeOnSharedLocation } from "./literal-upgrade-on-shared-location.ts";
import { mapCloseDefeatsKeepalive } from "./map-close-defeats-keepalive.ts";
import { mapValuesWrong } from "./map-values-wrong.ts";
import { mapWrongContext } from "./map-wrong-context.ts";
import { methodOrRefererBlocks } from "./method-or-referer-blocks.ts";
import { mirrorInheritsUpgrade } from "./mirror-inherits-upgrade.ts";
import { missingConnectionHeader } from "./missing-connection-header.ts";
import { missingInTlsServer } from "./missing-in-tls-server.ts";
import { missingUpgradeHeader } from "./missing-upgrade-header.ts";
import { missingUpgradeHeaders } from "./missing-upgrade-headers.ts";
import { proxyPassWsScheme } from "./proxy-pass-ws-scheme.ts";
import { readTimeoutDefault } from "./read-timeout-default.ts";
import { readTimeoutShort } from "./read-timeout-short.ts";
import { redirectIfHttp } from "./redirect-if-http.ts";
import type { Rule, RuleInfo } from "./rule.ts";
import { syntaxError } from "./syntax-error.ts";
import { timeoutUnit } from "./timeout-unit.ts";
import { undefinedUpgradeVariable } from "./undefined-upgrade-variable.ts";
import { unreachableLocation } from "./unreachable-location.ts";
import { unusedSuppression } from "./unused-suppression.ts";
import { upgradeValueInvalid } from "./upgrade-value-invalid.ts";
import { wsRedirectedToHttps } from "./ws-redirected-to-https.ts";

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
  proxyPassWsScheme,
  unreachableLocation,
  redirectIfHttp,
  wsRedirectedToHttps,
  missingInTlsServer,
  errorPageWithoutEquals,
  errorPageMasksStatus,
  methodOrRefererBlocks,
  authRedirectsHandshake,
  authRequestInheritsUpgrade,
  mirrorInheritsUpgrade,
  syntaxError,
  unusedSuppression,
];

/** What the outside sees of them. */
export const rules: readonly RuleInfo[] = allRules;

export type { RuleInfo };
