// Signature help: the form that fits, and in it the parameter that the cursor is on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { directiveNames } from "../server/core/nginx/directives.ts";
import { parseForm, plainForm } from "../server/core/nginx/forms.ts";
import { signaturesOf } from "../server/core/nginx/signatures.ts";
import { signatureAt } from "./completion-support.ts";

const cases: readonly (readonly [text: string, shown: string])[] = [
  ["proxy_set_header |", "proxy_set_header «field» value"],
  ["proxy_set_header Host |;", "proxy_set_header field «value»"],
  ['proxy_set_header Host "a |', "proxy_set_header field «value»"],
  ["proxy_pass |", "proxy_pass «URL»"],
  ["location |", "location [«= | ~ | ~* | ^~»] uri"],
  ["location = | {}", "location [= | ~ | ~* | ^~] «uri»"],
  ["location /w| {}", "location [= | ~ | ~* | ^~] «uri»"],
  ["return |", "return «code» [text]"],
  ["return 301 |", "return code [«text»]"],
  ["rewrite a b |", "rewrite regex replacement [«last | break | redirect | permanent»]"],
  ["error_page 404 |", "error_page code ... [=[response]] «uri»"],
  ["error_page 404 = |", "error_page code ... [=[response]] «uri»"],
  ["try_files $uri $uri/ |", "try_files file ... «uri»"],
  ["limit_req zone=a |", "limit_req zone=name [«burst=number»] [nodelay | delay=number]"],
  ["limit_req zone=a nodelay bu|", "limit_req zone=name [«burst=number»] [nodelay | delay=number]"],
  ["add_header a b al|", "add_header name value [«always»]"],
  ["if |", "if «(condition)»"],
  ["proxy_buffers 4 |", "proxy_buffers number «size»"],
  ["gzip_types text/css |", "gzip_types «mime-type ...»"],
  ["internal |", ""],
  ["nobody_knows |", ""],
  ["prox|", ""],
  ["# proxy_pass |", ""],
];

for (const [text, shown] of cases) {
  test(text, async () => assert.equal(await signatureAt(`http { server { location / { ${text} } } }`), shown));
}

test("the context decides between forms", async () => {
  assert.equal(await signatureAt("stream { server { proxy_pass | } }"), "proxy_pass «address»");
  assert.match(await signatureAt("http { upstream a { server | } }"), /^server «address» \[weight=number\]/);
  assert.equal(await signatureAt("http { map $a | {} }"), "map source «$variable»");
  assert.equal(await signatureAt("http { map $a $b { default | } }"), "");
  assert.match(await signatureAt("http { server { listen | } }"), /^listen «port» \[default_server\]/);
  assert.match(await signatureAt("http { server { listen 80 d| } }"), /^listen port \[«default_server»\]/);
});

test("the parts of every form are pieces of it, in order", () => {
  for (const name of directiveNames()) {
    for (const { form, notes } of signaturesOf(name)) {
      let last = 0;
      for (const { start, end, placeholder, words } of parseForm(form)) {
        assert.ok(start >= last && end > start && end <= form.length, `${name} ${form}`);
        assert.ok(placeholder !== undefined || words.length > 0, `${name} ${form}: ${form.slice(start, end)}`);
        last = start;
      }
      assert.doesNotMatch(plainForm(form), /[<>]/, name);
      for (const [key, note] of Object.entries(notes)) assert.match(note, /[.]$/, `${name}: ${key}`);
    }
  }
});
