// What the suites need of node:assert, for a host without Node.js.

function fail(message: string, fallback: string): never {
  throw new Error(message === "" ? fallback : `${message}: ${fallback}`);
}

function ok(value: unknown, message = ""): asserts value {
  if (!value) fail(message, `${String(value)} is not true`);
}

function equal(actual: unknown, expected: unknown, message = ""): void {
  if (!Object.is(actual, expected)) fail(message, `${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
}

function notEqual(actual: unknown, expected: unknown, message = ""): void {
  if (Object.is(actual, expected)) fail(message, `it is ${JSON.stringify(actual)}`);
}

function deepEqual(actual: unknown, expected: unknown, message = ""): void {
  equal(JSON.stringify(actual), JSON.stringify(expected), message);
}

function match(actual: string, expected: RegExp, message = ""): void {
  if (!expected.test(actual)) fail(message, `${JSON.stringify(actual)} does not match ${expected}`);
}

// biome-ignore lint/style/noDefaultExport: it stands in for a module that has one
export default { ok, equal, notEqual, deepEqual, match };
