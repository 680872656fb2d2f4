import type { Symptom } from "./symptom.ts";

/** What `nginx -t` says when nginx does not start or reload. */
export const start: readonly Symptom[] = [
  {
    id: "variable-not-defined",
    title: 'nginx does not start: `unknown "connection_upgrade" variable`',
    seen: ["nginx -t"],
    signs: { texts: ['unknown "…" variable'] },
    explanation:
      "A directive uses a variable that nothing defines. $connection_upgrade is not built in: it is the usual name for a map that has to be written once, in http. nginx gives no line number for this.",
    causes: [
      {
        what: "The map is missing, or in a file that is not included.",
        rules: ["undefined-upgrade-variable"],
        check: "Write map $http_upgrade $connection_upgrade { default upgrade; '' ''; } in http.",
      },
      {
        what: "The name is misspelled.",
        rules: ["unknown-variable", "header-name-typo"],
        check: "Compare it with the second word of the map, letter by letter.",
      },
    ],
  },
  {
    id: "map-not-allowed",
    title: 'nginx does not start: `"map" directive is not allowed here`',
    seen: ["nginx -t"],
    signs: { texts: ['"map" directive is not allowed here'] },
    explanation:
      "A map may stand in http only. Files in sites-available and conf.d are usually included there, so in them it goes above the server block, not inside.",
    causes: [
      {
        what: "The map stands in a server or a location, or outside http.",
        rules: ["map-wrong-context"],
        check: "Move it directly into http; the order does not matter.",
      },
    ],
  },
  {
    id: "directive-not-allowed",
    title: "nginx does not start: `directive is not allowed here`",
    seen: ["nginx -t"],
    signs: { texts: ["directive is not allowed here"] },
    explanation:
      "The directive is right, its place is not. proxy_set_header, proxy_http_version and proxy_read_timeout may not stand in an if, an upstream or in stream.",
    causes: [
      {
        what: "A brace is missing or too many, so that the line is in another block than it looks.",
        rules: ["directive-refused", "map-wrong-context", "timeout-invalid", "syntax-error"],
        check: "Look at the block that encloses the line.",
      },
      {
        what: "Header directives stand in an if.",
        rules: ["directive-refused"],
        check: "Decide with a map and set the header outside of the if.",
      },
    ],
  },
  {
    id: "time-value-invalid",
    title: 'nginx does not start: `"proxy_read_timeout" directive invalid value`',
    seen: ["nginx -t"],
    signs: { texts: ['_timeout" directive invalid value'] },
    explanation:
      "nginx cannot read the time. Units are ms, s, m, h, d and w, in lower case; a number alone counts seconds. Variables, off and fractions are no times.",
    causes: [
      {
        what: "The unit or the number is written in a way that nginx does not know.",
        rules: ["timeout-invalid"],
        check: "Write 3600s or 1h.",
      },
    ],
  },
  {
    id: "number-of-arguments",
    title: "nginx does not start: `invalid number of arguments`",
    seen: ["nginx -t"],
    signs: { texts: ["invalid number of arguments"] },
    explanation:
      'The directive has too many or too few words. With headers the reason is often a value with a space that is not in quotes, or an empty value that is not written as "". With times it is a space before the unit.',
    causes: [
      {
        what: "Quotes or a semicolon are missing.",
        rules: ["directive-refused", "timeout-invalid", "syntax-error"],
        check: "Put the value into quotes; look at the end of the line before.",
      },
    ],
  },
  {
    id: "value-refused",
    title: "nginx does not start: `invalid value`",
    seen: ["nginx -t"],
    signs: { texts: ["[emerg]…invalid value", "[emerg]…directive invalid number"] },
    explanation:
      "The directive does not take this value. A switch is on or off and nothing else; a size ends in k, m or g, never in KB or MB; a number has no unit.",
    causes: [
      {
        what: "The value is one of another program, or has a unit that nginx does not know.",
        rules: ["invalid-value", "timeout-invalid"],
        check: "Look the directive up on nginx.org: its syntax line names every value.",
      },
    ],
  },
  {
    id: "directive-duplicate",
    title: "nginx does not start: `directive is duplicate`",
    seen: ["nginx -t"],
    signs: { texts: ["directive is duplicate"] },
    explanation:
      "A directive with one value stands twice at the same level. One of them is often in an included file, such as a snippet for proxies.",
    causes: [
      {
        what: "An include already sets it.",
        rules: ["directive-refused", "timeout-invalid"],
        check: "Read the included files of that block and delete one of the two.",
      },
    ],
  },
  {
    id: "cannot-read",
    title: 'nginx does not start: `unexpected "}"`, `unexpected end of file` or `unknown directive`',
    seen: ["nginx -t"],
    signs: {
      texts: [
        '[emerg]…unexpected "',
        'unexpected "}"',
        'unexpected "{"',
        "unexpected end of file, expecting",
        'unknown directive "',
        'is not terminated by ";"',
      ],
    },
    explanation:
      "nginx cannot read the file. It names the line on which it gave up, which is often after the mistake: a missing semicolon shows at the next brace. An unknown directive is a typing error, a module that is not loaded, or a newer nginx than the one that runs.",
    causes: [
      {
        what: "A semicolon, a brace or a quote is missing.",
        rules: ["syntax-error"],
        check: "Look at the line before the one that nginx names.",
      },
      {
        what: "The directive is newer than the nginx that runs: sticky 1.29.6, http2 1.25.1, tunnel_pass 1.31.0.",
        rules: ["unknown-directive", "sticky-version", "tunnel-module-misuse"],
        check: "Compare with nginx -v.",
      },
      {
        what: "The name of the directive is misspelled.",
        rules: ["unknown-directive"],
        check: "Compare it with the index of directives on nginx.org; capital letters count.",
      },
    ],
  },
  {
    id: "host-not-found",
    title: "nginx does not start: `host not found in upstream`",
    seen: ["nginx -t"],
    signs: { texts: ["host not found in upstream"] },
    explanation:
      "nginx looks up the names in proxy_pass and upstream once, when it starts, and does not start if one is unknown. In Docker Compose the other container may simply not be there yet.",
    causes: [
      {
        what: "The name is wrong, or not known at that moment.",
        rules: [],
        check: "Try getent hosts NAME where nginx runs, and start the backend first.",
      },
      {
        what: "A scheme stands where only a name belongs.",
        rules: ["upstream-server-scheme"],
        check: "server in an upstream takes a name and a port, without http://.",
      },
    ],
  },
  {
    id: "upstream-host-invalid",
    title: 'nginx does not start: `invalid host in upstream "http://…"`',
    seen: ["nginx -t"],
    signs: { texts: ["invalid host in upstream"] },
    explanation:
      "server in an upstream block takes a name and a port and no scheme. The scheme belongs into proxy_pass.",
    causes: [
      {
        what: "A scheme stands in the server line of an upstream.",
        rules: ["upstream-server-scheme"],
        check: "Write server 127.0.0.1:8080; and proxy_pass http://NAME;",
      },
    ],
  },
  {
    id: "map-name-invalid",
    title: "nginx does not start: `invalid variable name`, or `the duplicate … variable`",
    seen: ["nginx -t"],
    signs: { texts: ['invalid variable name "', 'the duplicate "…" variable'] },
    explanation:
      "The target of a map needs a $. It may not have the name of a built-in variable, and $connection is one.",
    causes: [
      {
        what: "The map writes to a name that is taken or lacks its $.",
        rules: ["map-reserved-target"],
        check: "Call it $connection_upgrade.",
      },
    ],
  },
  {
    id: "balancer-conflict-warning",
    title: '`load balancing method redefined`, or `does not support parameter "backup"`',
    seen: ["nginx -t"],
    signs: { texts: ["load balancing method redefined", "balancing method does not support parameter"] },
    explanation:
      "Two methods stand in one upstream, and the last one wins with no more than a warning. Before 1.29.7 keepalive counts as one too and is lost when it stands before ip_hash or least_conn. With ip_hash and hash a backup server is an error.",
    causes: [
      {
        what: "The lines of the upstream contradict each other.",
        rules: ["balancer-conflict"],
        check: "Keep one method, before keepalive.",
      },
    ],
  },
  {
    id: "file-not-there",
    title: 'nginx does not start: `open() "…" failed (2: No such file or directory)`',
    seen: ["nginx -t"],
    signs: {
      texts: [
        '[emerg]…open() "…failed (2: no such file or directory)',
        'open() "…failed (2: no such file or directory) in ',
      ],
    },
    explanation:
      "A file that the configuration names does not exist. With an include the path is relative to the folder of nginx.conf, not to that of the file with the include. A pattern such as *.conf may match nothing, a plain name may not.",
    causes: [
      {
        what: "The path is wrong, or the file was not copied into the container.",
        rules: ["include-not-found", "syntax-error"],
        check: "Look for the path in the message with ls, as the machine or container sees it where nginx runs.",
      },
    ],
  },
  {
    id: "proxy-buffers-too-small",
    title: 'nginx does not start: `"proxy_busy_buffers_size" must be less than …`',
    seen: ["nginx -t"],
    signs: { texts: ['"proxy_busy_buffers_size" must be'] },
    explanation:
      "proxy_buffer_size was raised alone, and proxy_buffers is now too small for it. Neither matters to an open WebSocket; both matter to the headers of the answer.",
    causes: [
      {
        what: "proxy_buffers was not raised with proxy_buffer_size.",
        rules: [],
        check: "For instance proxy_buffer_size 16k; together with proxy_buffers 8 16k;",
      },
    ],
  },
  {
    id: "include-missing",
    title: 'nginx does not start: `open() "…" failed (2: No such file or directory) in …`',
    seen: ["nginx -t"],
    signs: {
      texts: [
        'open() "…failed (2: no such file or directory) in',
        'open() "…failed (20: not a directory) in',
        'open() "…failed (24: too many open files) in',
        'pread() "…failed (21: is a directory)',
      ],
    },
    explanation:
      "An include names a file that is not there. Relative paths count from the folder of the main file, not of the file that says include. With “Too many open files” the files include each other in a circle. With “Is a directory” a folder lies where a file is expected, for instance among those that a pattern matches.",
    causes: [
      {
        what: "The file has another name or place, or was not copied or mounted.",
        rules: ["include-not-found"],
        check: "Compare the path in the message with the file system that nginx sees.",
      },
      {
        what: "A folder lies among the files that a pattern such as sites-enabled/* matches.",
        rules: ["include-not-found"],
        check: "Move the folder away, or write a pattern that leaves it out, such as *.conf.",
      },
    ],
  },
  {
    id: "certificate-missing",
    title: 'nginx does not start: `no "ssl_certificate" is defined`, or `cannot load certificate`',
    seen: ["nginx -t"],
    signs: {
      texts: [
        'no "ssl_certificate" is defined',
        "cannot load certificate",
        "no proxy_ssl_trusted_certificate for proxy_ssl_verify",
      ],
    },
    explanation:
      "A server with listen … ssl needs a certificate and its key, and nginx has to be able to read both. proxy_ssl_verify on needs a file with the authorities in the same way.",
    causes: [
      {
        what: "The file is not named, not there, or not readable.",
        rules: ["ssl-certificate-missing", "ssl-verify-name"],
        check: "Compare the path in the message with the file system that nginx sees.",
      },
    ],
  },
];
