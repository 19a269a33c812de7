import { dirname, join } from 'node:path/posix';
import ts from 'typescript';
import { type House, nodesBelow } from './house.ts';

/** That one file needs a name of another, or `*`: all of them. */
export interface Need {
  readonly by: string;
  readonly name: string;
  /** Handed on, under this name: then it is needed as far as that is. */
  readonly handedOn?: string;
}

/** By the file whose names are needed. */
export function needsIn(house: House): ReadonlyMap<string, readonly Need[]> {
  const needs = new Map<string, Need[]>();
  for (const [by, tree] of house) {
    for (const { specifier, ...taken } of nodesBelow(tree).flatMap(namesTakenBy)) {
      const of = join(dirname(by), specifier);
      needs.set(of, [...(needs.get(of) ?? []), { by, ...taken }]);
    }
  }
  return needs;
}

interface Taken {
  readonly specifier: string;
  readonly name: string;
  readonly handedOn?: string;
}

function namesTakenBy(node: ts.Node): readonly Taken[] {
  if (ts.isImportDeclaration(node)) {
    const specifier = textOf(node.moduleSpecifier);
    const bindings = node.importClause?.namedBindings;
    if (bindings === undefined) return [];
    if (ts.isNamespaceImport(bindings)) return [{ specifier, name: '*' }];
    return bindings.elements.map(({ name, propertyName }) => ({ specifier, name: (propertyName ?? name).text }));
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    const specifier = textOf(node.moduleSpecifier);
    if (node.exportClause === undefined) return [{ specifier, name: '*' }];
    return specifiersOf(node).map(({ name, propertyName }) => ({
      specifier,
      name: (propertyName ?? name).text,
      handedOn: name.text,
    }));
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return node.arguments.map((argument) => ({ specifier: textOf(argument), name: '*' }));
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return [{ specifier: textOf(node.argument.literal), name: node.qualifier?.getText() ?? '*' }];
  }
  return [];
}

const textOf = (node: ts.Node): string => (ts.isStringLiteralLike(node) ? node.text : '');

export function specifiersOf({ exportClause }: ts.ExportDeclaration): readonly ts.ExportSpecifier[] {
  return exportClause !== undefined && ts.isNamedExports(exportClause) ? exportClause.elements : [];
}
