import ts from 'typescript';
import { type House, isProgram, nodesBelow } from './house.ts';
import { type Need, needsIn, specifiersOf } from './imports.ts';

/** A name in the file that declares and exports it. */
export interface Exported {
  readonly file: string;
  readonly name: string;
}

/** What is called from outside, or put by the build in another module's place. */
const ENTRIES: readonly string[] = ['lambda/entry/alarm.ts', 'lambda/entry/environment-credentials.ts'];

/** What no other file needs. A type may be exported all the same where the signature of something needed names it. */
export function neededByNoOther(house: House): readonly Exported[] {
  const needs = needsIn(house);
  return exportedByProgram(house).flatMap(({ file, tree, names }) => {
    const needed = names.filter((name) => thoseNeeding(needs, file, name).length > 0);
    const signed = typesInSignatures(tree, needed);
    return names.filter((name) => !needed.includes(name) && !signed.has(name)).map((name) => ({ file, name }));
  });
}

/** What the program would not miss. */
export function neededByTestsOnly(house: House): readonly Exported[] {
  const needs = needsIn(house);
  return exportedByProgram(house).flatMap(({ file, tree, names }) =>
    names
      .filter((name) => {
        const needing = thoseNeeding(needs, file, name);
        return needing.length > 0 && !needing.some(isProgram) && !isMentioned(tree, name);
      })
      .map((name) => ({ file, name })),
  );
}

/** A name stands for one thing in the whole program: those that several files declare and export, with these files. */
export function declaredInSeveral(house: House): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, readonly string[]>();
  for (const { file, names } of exportedByProgram(house)) {
    for (const name of names) files.set(name, [...(files.get(name) ?? []), file]);
  }
  return new Map([...files].filter(([, declaring]) => declaring.length > 1));
}

function exportedByProgram(house: House) {
  return [...house]
    .filter(([file]) => isProgram(file) && !ENTRIES.includes(file))
    .map(([file, tree]) => ({ file, tree, names: exportedBy(tree) }));
}

/** Without `default`, which is no name, and without what is imported and handed on, which is another file's. */
export function exportedBy(tree: ts.SourceFile): readonly string[] {
  const own = new Set(tree.statements.flatMap(namesDeclaredBy));
  const listed = tree.statements
    .filter(ts.isExportDeclaration)
    .filter(({ moduleSpecifier }) => moduleSpecifier === undefined)
    .flatMap(specifiersOf)
    .map(({ name, propertyName }) => (propertyName ?? name).text)
    .filter((name) => own.has(name));
  return [...new Set([...tree.statements.filter(isExported).flatMap(namesDeclaredBy), ...listed])];
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  const kinds = modifiers.map(({ kind }) => kind);
  return kinds.includes(ts.SyntaxKind.ExportKeyword) && !kinds.includes(ts.SyntaxKind.DefaultKeyword);
}

function namesDeclaredBy(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => namesBoundBy(name));
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

function namesBoundBy(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesBoundBy(element.name) : []));
}

function thoseNeeding(needs: ReadonlyMap<string, readonly Need[]>, file: string, name: string): readonly string[] {
  return (needs.get(file) ?? [])
    .filter((need) => need.name === name || need.name === '*')
    .flatMap(({ by, handedOn }) =>
      handedOn === undefined || ENTRIES.includes(by) ? [by] : thoseNeeding(needs, by, handedOn),
    );
}

/** The file's types that the signatures of some of its names are made of. */
function typesInSignatures(tree: ts.SourceFile, names: readonly string[]): ReadonlySet<string> {
  const declared = new Map(
    tree.statements.flatMap((statement) => namesDeclaredBy(statement).map((name) => [name, statement] as const)),
  );
  const types = new Set<string>();
  const visit = (node: ts.Node): void => {
    const name = ts.isIdentifier(node) ? node.text : '';
    const statement = declared.get(name);
    if (statement !== undefined && !types.has(name) && isType(statement)) {
      types.add(name);
      visit(statement);
    }
    ts.forEachChild(node, (child) => {
      if (!(ts.isFunctionLike(node) && 'body' in node && node.body === child)) visit(child);
    });
  };
  for (const statement of tree.statements) {
    if (ts.isExportAssignment(statement) || namesDeclaredBy(statement).some((name) => names.includes(name))) {
      visit(statement);
    }
  }
  return types;
}

const isType = (node: ts.Node): boolean => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);

/** Outside its declaration, and not as the name of a property. */
function isMentioned(tree: ts.SourceFile, name: string): boolean {
  return nodesBelow(tree).some(
    (node) =>
      ts.isIdentifier(node) &&
      node.text === name &&
      (ts.isShorthandPropertyAssignment(node.parent) || (node.parent as { name?: ts.Node }).name !== node) &&
      !(ts.isBindingElement(node.parent) && node.parent.propertyName === node),
  );
}
