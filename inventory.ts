import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RolldownOutput } from 'rolldown';

/** A package of somebody else's of which a part is in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As SPDX names it. */
  readonly license: string;
  /** Of the archive that npm installed, as the lock file has it: `sha512-…`. */
  readonly integrity: string;
  /** What its authors want handed on with it: its licence, and a notice where there is one. */
  readonly texts: readonly string[];
}

/** What is in the bundles, read off what was built: nothing that is only installed. */
export function packagesIn(built: readonly RolldownOutput[]): readonly BundledPackage[] {
  const folders = built.flatMap(({ output }) =>
    output.flatMap((part) =>
      part.type === 'asset'
        ? []
        : Object.entries(part.modules).flatMap(([id, { renderedLength }]) =>
            renderedLength > 0 ? (/^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []) : [],
          ),
    ),
  );
  const packages = [...new Set(folders)].sort(byName).map(packageAt);
  return packages.map((one) => (one.texts.length > 0 ? one : { ...one, texts: textsLike(one, packages) }));
}

/** Some leave out the text that their authors put into the rest of the family. */
function textsLike({ name, license }: BundledPackage, packages: readonly BundledPackage[]): readonly string[] {
  if (ASKS_FOR_NOTHING.includes(license)) return [];
  const [family = ''] = name.split('/');
  const like = packages.find(
    (one) => one.name.startsWith(`${family}/`) && one.license === license && one.texts.length > 0,
  );
  if (like === undefined) throw new Error(`${name} comes without the text of its licence, ${license}`);
  return like.texts;
}

/** Where the packages stand is of no matter to their order. */
function byName(one: string, other: string): number {
  const [a, b] = [one, other].map((folder) => folder.replace(/.*node_modules\//, ''));
  return (a ?? '') < (b ?? '') ? -1 : 1;
}

/** Licences that want no notice handed on. */
const ASKS_FOR_NOTHING = ['0BSD', 'MIT-0'];

const LOCKED = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;

function packageAt(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { integrity } = LOCKED[folder.slice(folder.indexOf('node_modules/'))] ?? {};
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  if (typeof license !== 'string') throw new Error(`${name} comes without a licence`);
  if (typeof integrity !== 'string') throw new Error(`${name} has no integrity in the lock file`);
  return { name, version, license, integrity, texts };
}

/** The licences of all that is in the bundles, each text once. */
export function licencesOf(packages: readonly BundledPackage[]): string {
  const byText = new Map<string, string[]>();
  for (const { name, version, license, texts } of packages) {
    const text = texts.length === 0 ? 'No notice is asked for.' : texts.join('\n\n');
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const parts = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  return `alb-triage holds parts of these packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

interface Product {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** A bill of materials in CycloneDX: without time and serial number, so that the same source gives the same bytes. */
export function billOfMaterials({ name, version, license }: Product, packages: readonly BundledPackage[]): object {
  const product = purl(name, version);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: { type: 'application', 'bom-ref': product, name, version, licenses: licensed(license), purl: product },
    },
    components: packages.map((one) => ({
      type: 'library',
      'bom-ref': purl(one.name, one.version),
      name: one.name,
      version: one.version,
      scope: 'required',
      hashes: [
        { alg: 'SHA-512', content: Buffer.from(one.integrity.replace('sha512-', ''), 'base64').toString('hex') },
      ],
      licenses: licensed(one.license),
      purl: purl(one.name, one.version),
    })),
    dependencies: [{ ref: product, dependsOn: packages.map((one) => purl(one.name, one.version)) }],
  };
}

function licensed(license: string) {
  return /^[\w.-]+$/.test(license) ? [{ license: { id: license } }] : [{ expression: license }];
}

function purl(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** Beside the bundles, in what is published. */
export function writeInventory(folder: string, built: readonly RolldownOutput[]): void {
  if (!existsSync(folder)) throw new Error(`nothing was built into ${folder}`);
  const packages = packagesIn(built);
  const bill = billOfMaterials(JSON.parse(readFileSync('package.json', 'utf8')), packages);
  writeFileSync(join(folder, 'THIRD_PARTY_LICENSES.txt'), licencesOf(packages));
  writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
}
