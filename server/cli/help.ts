/** The text of `--help`. */
export function helpText(program: string): string {
  return `Finds the mistakes in nginx configuration that break WebSockets, and repairs them.

Usage
  ${program} check [options] PATH...   check files, folders, or - for standard input; also what nginx -T prints
  ${program} explain RULE              why a rule exists and what to write instead
  ${program} explain SYMPTOM           what you see, and its likely causes: 400, "closes after 60 s", a line of a
                                log or of the browser console; - reads them from standard input
  ${program} show PATH [LOCATION]      what is in force for a location, and the request that the backend gets; LOCATION is
                                a path (/ws), a URL (wss://example.com/ws) or a location as written; without it, a list
  ${program} rules                     every rule in one line

Options of check
  --fix                    apply the safe fixes to the files, then report what is left
                           (with -, the repaired text goes to standard output, the report to standard error;
                           of a dump of nginx -T the fixes are written as a patch, and nothing is changed)
  --format text|json       how findings are written (default: text)
  --nginx-version V        the nginx that runs the configuration, such as 1.28.0; some defaults depend on it
  --include-root FROM=TO   where includes of FROM lie here, such as /etc/nginx=deploy/nginx; may be repeated
  --rule RULE=SEVERITY     report a rule as error, warning, information or hint, or not at all (off); may be repeated
  --fail-on SEVERITY       exit with 1 only from error, warning, information or hint on (default: hint, any finding)
  --config FILE            take the settings of the project from this file; --no-config takes them from none
Options of explain
  --in PATH                look for the causes in this configuration and name the lines; may be repeated
  --format, --nginx-version, --include-root, --config, --no-config as above
Options of show
  --format, --nginx-version, --include-root, --config, --no-config as above
General
  --color auto|always|never
  -h, --help    -v, --version

Files that a checked file includes are checked with it. In a folder, files that look like nginx configuration are
checked: *.conf, *.nginx, *.vhost, their templates (*.conf.template, *.conf.j2), everything in sites-available and
sites-enabled; node_modules and .git are left out.

The settings of a project stand in .nginx-websocket.json: the nearest one from the checked file up to the root of its
repository (.git) or of the file system. Options count more than that file.

Exit codes
  0  nothing found     1  findings     2  wrong usage, or something could not be read or written
  explain: 0  explained     1  not recognised     2  as above
  show:    0  shown         1  no such location   2  as above
`;
}
