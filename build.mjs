// Bundles the sources: one CommonJS file per entry point, because the VS Code hosts load CommonJS mains.
// `node build.mjs` builds what ships into dist/; `node build.mjs --tests` builds the test bundles into out/.
import { readdirSync, existsSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: 'linked',
  legalComments: 'linked',
  logLevel: 'warning',
};

/** What ships: entry point → bundle, each minified, each self-contained. */
export const shipped = {
  'dist/client.cjs': 'client/node.ts',
  'dist/server.cjs': 'server/lsp/node.ts',
  'dist/cli.cjs': 'server/cli/main.ts',
};

/** Builds the shipped bundles whose entry point exists. */
export async function buildShipped() {
  rmSync('dist', { recursive: true, force: true });
  for (const [outfile, entry] of Object.entries(shipped)) {
    await build({
      ...common,
      entryPoints: [entry],
      outfile,
      minify: true,
      external: ['vscode'],
      // The UMD builds of some dependencies hide their imports from the bundler; their ES modules do not.
      mainFields: ['module', 'main'],
      ...(entry.includes('cli/') ? { banner: { js: '#!/usr/bin/env node' } } : {}),
    });
  }
}

/** Every `*.test.ts` under test/ becomes one bundle; packages stay external. */
export async function buildTests() {
  const entryPoints = readdirSync('test', { recursive: true })
    .map((name) => `test/${String(name).replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('test/vscode/'));
  rmSync('out/test', { recursive: true, force: true });
  await build({ ...common, entryPoints, outdir: 'out/test', outbase: 'test', outExtension: { '.js': '.cjs' }, packages: 'external' });
  return entryPoints;
}

if (import.meta.url === `file://${process.argv[1]}` || process.argv[1]?.endsWith('build.mjs')) {
  if (process.argv.includes('--tests')) await buildTests();
  else await buildShipped();
  if (!existsSync('dist') && !process.argv.includes('--tests')) process.exitCode = 1;
}
