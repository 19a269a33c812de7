import { readFileSync } from 'node:fs';
import { build, type RolldownOutput } from 'rolldown';
import { beforeAll, describe, expect, test } from 'vitest';
import { BUNDLES } from '../build.ts';
import { type BundledPackage, billOfMaterials, licencesOf, packagesIn } from '../inventory.ts';

const { name, version, license, files } = JSON.parse(readFileSync('package.json', 'utf8'));

describe('what is in the bundles', () => {
  let packages: readonly BundledPackage[];
  beforeAll(async () => {
    const built: RolldownOutput[] = [];
    for (const bundle of BUNDLES) built.push(await build({ ...bundle, write: false }));
    packages = packagesIn(built);
  }, 60_000);

  test('may be handed on', () => {
    const licences = new Set(packages.map((one) => one.license));
    expect([...licences].filter((one) => !['Apache-2.0', 'ISC', 'MIT', 'MIT-0'].includes(one))).toEqual([]);
  });

  test('is there with its licence', () => {
    const text = licencesOf(packages);
    for (const one of packages) {
      expect(text).toContain(`${one.name} ${one.version} (${one.license})\n`);
      for (const its of one.texts) expect(text).toContain(its);
    }
    expect(packages.length).toBeGreaterThan(20);
  });

  test('is on the bill of materials, each once, by what npm installed', () => {
    const bill = billOfMaterials({ name, version, license }, packages);
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 });
    const components = packages.map((one) =>
      expect.objectContaining({
        purl: `pkg:npm/${one.name.replace('@', '%40')}@${one.version}`,
        hashes: [{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }],
      }),
    );
    expect(bill).toHaveProperty('components', components);
    expect(new Set(packages.map((one) => one.name)).size).toBe(packages.length);
  });

  test('is told in what is published', () => {
    expect(files).toContain('dist');
  });
});

test('each entry of the lock file has the hash of what it names', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const without = Object.entries<{ integrity?: string; inBundle?: boolean }>(packages)
    // What a package brings along is in its own archive.
    .filter(([path, { integrity, inBundle }]) => path !== '' && !inBundle && !/^sha512-/.test(integrity ?? ''))
    .map(([path]) => path);
  expect(without).toEqual([]);
});
