import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { type BuildOptions, build, type Plugin, type RolldownOutput } from 'rolldown';
import { declarations } from './declarations.ts';
import { writeInventory } from './inventory.ts';
import { trimSdk } from './trim-sdk.ts';

const INCIDENTS = 'test/incidents';

/** The SDK's ES modules: its CommonJS ones cannot be shaken, and are four times the size. */
const mainFields = ['module', 'main'];

/** What Lambda runs. */
export const LAMBDA: BuildOptions = {
  input: { index: 'lambda/entry/alarm.ts' },
  platform: 'node',
  resolve: {
    mainFields,
    // Lambda hands its credentials over in the environment; the rest of the chain would cost start-up time.
    alias: { '@aws-sdk/credential-provider-node': `${import.meta.dirname}/lambda/entry/environment-credentials.ts` },
  },
  plugins: [trimSdk()],
  // CommonJS to the last import: taking `node:http` as an ES module, as the SDK does at its first call, loads undici as well, 25 ms.
  output: {
    dir: 'dist/lambda',
    cleanDir: true,
    format: 'cjs',
    dynamicImportInCjs: false,
    // What is loaded at start in one file: eighteen pack worse, and are eighteen to find and read.
    codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] },
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
    comments: { legal: true, annotation: false, jsdoc: false },
    minify: true,
  },
};

/** All that is published. */
export const BUNDLES: readonly BuildOptions[] = [
  LAMBDA,
  {
    input: { 'alb-triage': 'lambda/entry/cli.ts' },
    platform: 'node',
    resolve: { mainFields },
    optimization: { inlineConst: { mode: 'all' } },
    plugins: [versionInPlace(), demoIncidents(), executable('dist/cli/alb-triage.mjs')],
    output: {
      dir: 'dist/cli',
      cleanDir: true,
      entryFileNames: '[name].mjs',
      chunkFileNames: 'parts/[name].mjs',
      minify: true,
    },
  },
  {
    // `alb-triage/cdk`. CommonJS alone: ES modules import it as well, and a second form would be a second class.
    input: { index: 'infra/construct/index.ts' },
    platform: 'node',
    external: [/^aws-cdk-lib(\/|$)/, 'constructs'],
    plugins: [permissionsInPlace(), declarations('infra/construct/index.ts')],
    output: { dir: 'dist/cdk', cleanDir: true, format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
  },
];

/** The recorded incidents with a README ship with the package. */
function demoIncidents(): Plugin {
  return {
    name: 'demo-incidents',
    generateBundle() {
      for (const name of existsSync(INCIDENTS) ? readdirSync(INCIDENTS).sort() : []) {
        const files = ['README.md', 'expect.json', 'snapshot.json'].map((file) => `${INCIDENTS}/${name}/${file}`);
        if (!files.every((file) => existsSync(file))) continue;
        for (const file of files) {
          this.emitFile({
            type: 'asset',
            fileName: file.replace(INCIDENTS, 'incidents'),
            source: shipped(file),
          });
        }
      }
    },
  };
}

/** As a constant it stands in the first file, too: asking for the version loads no other. */
function versionInPlace(): Plugin {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  return {
    name: 'version-in-place',
    load: (id) =>
      id.endsWith('/lambda/entry/version.ts') ? `export const VERSION = ${JSON.stringify(version)};` : null,
  };
}

/** What the program calls, as a constant: the construct needs neither the program for it nor the SDK. */
function permissionsInPlace(): Plugin {
  return {
    name: 'permissions-in-place',
    async load(id) {
      if (id.endsWith('/lambda/collect/index.ts')) {
        const { PERMISSIONS } = await import('./lambda/collect/index.ts');
        return `export const PERMISSIONS = ${JSON.stringify(PERMISSIONS)};`;
      }
      if (id.endsWith('/lambda/deliver/sns.ts')) {
        const { PUBLISH_ACTIONS } = await import('./lambda/deliver/sns.ts');
        return `export const PUBLISH_ACTIONS = ${JSON.stringify(PUBLISH_ACTIONS)};`;
      }
      return null;
    },
  };
}

/** What people read is for the repository. */
function shipped(file: string): string {
  const text = readFileSync(file, 'utf8');
  return file.endsWith('.json') ? JSON.stringify(JSON.parse(text)) : text;
}

function executable(file: string): Plugin {
  return { name: 'executable', writeBundle: () => chmodSync(file, 0o755) };
}

// Through the API and not the command: that prints a table of files into whatever is built for.
if (process.argv[1] === import.meta.filename) {
  const built: RolldownOutput[] = [];
  for (const bundle of BUNDLES) built.push(await build(bundle));
  writeInventory('dist', built);
}
