import { addHeaderUpgrade } from "./add-header-upgrade.ts";
import { affinityNeeded } from "./affinity-needed.ts";
import { affinityNotNeeded } from "./affinity-not-needed.ts";
import { authRedirectsHandshake } from "./auth-redirects-handshake.ts";
import { authRequestInheritsUpgrade } from "./auth-request-inherits-upgrade.ts";
import { balancerConflict } from "./balancer-conflict.ts";
import { bodySizeLimitsPolling } from "./body-size-limits-polling.ts";
import { bufferingDelaysEvents } from "./buffering-delays-events.ts";
import { chainTimeout } from "./chain-timeout.ts";
import { cleartextHttp2Listener } from "./cleartext-http2-listener.ts";
import { connectionNotUpgrade } from "./connection-not-upgrade.ts";
import { cspBlocksWebsocket } from "./csp-blocks-websocket.ts";
import { directiveRefused } from "./directive-refused.ts";
import { duplicateProxySetHeader } from "./duplicate-proxy-set-header.ts";
import { errorPageMasksStatus } from "./error-page-masks-status.ts";
import { errorPageWithoutEquals } from "./error-page-without-equals.ts";
import { forwardedProtoMissing } from "./forwarded-proto-missing.ts";
import { hashVolatileKey } from "./hash-volatile-key.ts";
import { headerNameTypo } from "./header-name-typo.ts";
import { headersLostByInheritance } from "./headers-lost-by-inheritance.ts";
import { headersSwapped } from "./headers-swapped.ts";
import { hostNotForwarded } from "./host-not-forwarded.ts";
import { hostPortLost } from "./host-port-lost.ts";
import { httpVersion10 } from "./http-version-1-0.ts";
import { httpVersion2 } from "./http-version-2.ts";
import { includeNotFound } from "./include-not-found.ts";
import { inheritedHeadersDropped } from "./inherited-headers-dropped.ts";
import { invalidValue } from "./invalid-value.ts";
import { ipHashCoarse } from "./ip-hash-coarse.ts";
import { leastConnSuggestion } from "./least-conn-suggestion.ts";
import { limitConn } from "./limit-conn.ts";
import { limitReq } from "./limit-req.ts";
import { listen443WithoutSsl } from "./listen-443-without-ssl.ts";
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
import { maxConns } from "./max-conns.ts";
import { methodOrRefererBlocks } from "./method-or-referer-blocks.ts";
import { mirrorInheritsUpgrade } from "./mirror-inherits-upgrade.ts";
import { missingConnectionHeader } from "./missing-connection-header.ts";
import { missingInTlsServer } from "./missing-in-tls-server.ts";
import { missingProxyPass } from "./missing-proxy-pass.ts";
import { missingUpgradeHeader } from "./missing-upgrade-header.ts";
import { missingUpgradeHeaders } from "./missing-upgrade-headers.ts";
import { nestedLocationNoPass } from "./nested-location-no-pass.ts";
import { noEffect } from "./no-effect.ts";
import { onlySendTimeout } from "./only-send-timeout.ts";
import { originRewritten } from "./origin-rewritten.ts";
import { passCannotUpgrade } from "./pass-cannot-upgrade.ts";
import { pathStripped } from "./path-stripped.ts";
import { proxyCacheOnWebsocket } from "./proxy-cache-on-websocket.ts";
import { proxyDirectivesIgnored } from "./proxy-directives-ignored.ts";
import { proxyMethodNotGet } from "./proxy-method-not-get.ts";
import { proxyPassWsScheme } from "./proxy-pass-ws-scheme.ts";
import { readTimeoutDefault } from "./read-timeout-default.ts";
import { readTimeoutShort } from "./read-timeout-short.ts";
import { redirectIfHttp } from "./redirect-if-http.ts";
import { reloadDropsOrPins } from "./reload-drops-or-pins.ts";
import { responseHeaderHidden } from "./response-header-hidden.ts";
import { returnBeforeProxy } from "./return-before-proxy.ts";
import { rewriteEmptiesUri } from "./rewrite-empties-uri.ts";
import { rlimitNofile } from "./rlimit-nofile.ts";
import type { Rule, RuleInfo } from "./rule.ts";
import { secWebsocketStripped } from "./sec-websocket-stripped.ts";
import { shadowedByRegex } from "./shadowed-by-regex.ts";
import { sslCertificateMissing } from "./ssl-certificate-missing.ts";
import { sslVerifyName } from "./ssl-verify-name.ts";
import { staticUpgradeHeader } from "./static-upgrade-header.ts";
import { stickyVersion } from "./sticky-version.ts";
import { streamProxyTimeout } from "./stream-proxy-timeout.ts";
import { syntaxError } from "./syntax-error.ts";
import { timeoutInvalid } from "./timeout-invalid.ts";
import { timeoutUnit } from "./timeout-unit.ts";
import { tlsMismatch } from "./tls-mismatch.ts";
import { trailingSlashRedirect } from "./trailing-slash-redirect.ts";
import { tryFilesBeforeProxy } from "./try-files-before-proxy.ts";
import { tunnelModuleMisuse } from "./tunnel-module-misuse.ts";
import { undefinedUpgradeVariable } from "./undefined-upgrade-variable.ts";
import { unknownDirective } from "./unknown-directive.ts";
import { unknownVariable } from "./unknown-variable.ts";
import { unreachableLocation } from "./unreachable-location.ts";
import { unrestrictedUpgrade } from "./unrestricted-upgrade.ts";
import { unusedSuppression } from "./unused-suppression.ts";
import { upgradeValueInvalid } from "./upgrade-value-invalid.ts";
import { upstreamServerScheme } from "./upstream-server-scheme.ts";
import { upstreamSni } from "./upstream-sni.ts";
import { variableSetElsewhere } from "./variable-set-elsewhere.ts";
import { variableUri } from "./variable-uri.ts";
import { variableWithoutResolver } from "./variable-without-resolver.ts";
import { workerConnections } from "./worker-connections.ts";
import { wsRedirectedToHttps } from "./ws-redirected-to-https.ts";

/** Every rule, in the order people meet them: the handshake first, then its map, then what follows. */
export const allRules: readonly Rule[] = [
  // The headers of the handshake.
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
  // The map behind Connection, and variables.
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
  // How long a tunnel lives.
  readTimeoutDefault,
  onlySendTimeout,
  readTimeoutShort,
  timeoutUnit,
  timeoutInvalid,
  chainTimeout,
  longTimeoutNoKeepalive,
  streamProxyTimeout,
  reloadDropsOrPins,
  // Where a handshake goes.
  trailingSlashRedirect,
  pathStripped,
  variableUri,
  rewriteEmptiesUri,
  shadowedByRegex,
  missingProxyPass,
  nestedLocationNoPass,
  tryFilesBeforeProxy,
  returnBeforeProxy,
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
  // Backends, TLS and listeners.
  proxyPassWsScheme,
  upstreamServerScheme,
  variableWithoutResolver,
  passCannotUpgrade,
  proxyDirectivesIgnored,
  tunnelModuleMisuse,
  tlsMismatch,
  upstreamSni,
  sslVerifyName,
  listen443WithoutSsl,
  sslCertificateMissing,
  cleartextHttp2Listener,
  // Fallbacks, caches, several backends, limits.
  hostNotForwarded,
  hostPortLost,
  forwardedProtoMissing,
  originRewritten,
  cspBlocksWebsocket,
  unrestrictedUpgrade,
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
  // The file itself.
  includeNotFound,
  directiveRefused,
  unknownDirective,
  invalidValue,
  unknownVariable,
  noEffect,
  syntaxError,
  unusedSuppression,
];

/** What the outside sees of them. */
export const rules: readonly RuleInfo[] = allRules;

export type { RuleInfo };
