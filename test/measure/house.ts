import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The syntax tree of each TypeScript file, by its path from the root of the repository. */
export type House = ReadonlyMap<string, ts.SourceFile>;

const ROOT = join(import.meta.dirname, '../..');

export function readHouse(): House {
  const below = ['lambda', 'infra', 'test'].flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((path) => `${room}/${path}`),
  );
  const paths = [...readdirSync(ROOT), ...below].filter((path) => path.endsWith('.ts')).sort();
  return parseHouse(Object.fromEntries(paths.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')])));
}

export function parseHouse(sources: Readonly<Record<string, string>>): House {
  const parsed = Object.entries(sources).map(
    ([path, source]) => [path, ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true)] as const,
  );
  return new Map(parsed);
}

export const isProgram = (path: string): boolean => /^(lambda|infra)\//.test(path);

export function lineAt(file: ts.SourceFile, position: number): number {
  return file.getLineAndCharacterOfPosition(position).line + 1;
}

export function nodesBelow(node: ts.Node): readonly ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (child: ts.Node): void => {
    nodes.push(child);
    ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return nodes;
}
