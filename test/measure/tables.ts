import ts from 'typescript';
import { type House, lineAt, nodesBelow } from './house.ts';

/** Tables by any name, `Record<string, …>` in capitals, that are read by a name that is not written there. */
export function tablesReadWithoutCare(house: House): readonly string[] {
  return [...house].flatMap(([path, file]) => {
    if (!path.startsWith('lambda/')) return [];
    const nodes = nodesBelow(file);
    const tables = new Set(nodes.flatMap((node) => (isTable(node) ? node.name.getText() : [])));
    return nodes
      .filter(ts.isElementAccessExpression)
      .filter((read) => tables.has(read.expression.getText()) && !ts.isStringLiteral(read.argumentExpression))
      .map((read) => `${path}:${lineAt(file, read.getStart())} ${read.getText()}`);
  });
}

function isTable(node: ts.Node): node is ts.VariableDeclaration {
  return (
    ts.isVariableDeclaration(node) &&
    /^[A-Z][A-Z_]*$/.test(node.name.getText()) &&
    /\bRecord<string,/.test(node.type?.getText() ?? '')
  );
}
