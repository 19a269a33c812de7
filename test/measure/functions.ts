import ts from 'typescript';
import { lineAt, nodesBelow } from './house.ts';

export interface FunctionSize {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly lines: number;
  /** 1, and 1 more for each place where it can go two ways. */
  readonly complexity: number;
}

const BRANCHES: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.IfStatement,
  ts.SyntaxKind.ForStatement,
  ts.SyntaxKind.ForInStatement,
  ts.SyntaxKind.ForOfStatement,
  ts.SyntaxKind.WhileStatement,
  ts.SyntaxKind.DoStatement,
  ts.SyntaxKind.CaseClause,
  ts.SyntaxKind.CatchClause,
  ts.SyntaxKind.ConditionalExpression,
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

/** The outermost ones, each with all that is nested in it: a reader has to keep both in mind. */
export function functionsIn(file: ts.SourceFile): readonly FunctionSize[] {
  return outermostIn(file).map((node) => {
    const line = lineAt(file, node.getStart(file));
    return {
      file: file.fileName,
      line,
      name: nameOf(node),
      lines: lineAt(file, node.end) - line + 1,
      complexity: 1 + nodesBelow(node).filter(({ kind }) => BRANCHES.has(kind)).length,
    };
  });
}

function outermostIn(parent: ts.Node): readonly ts.Node[] {
  const outermost: ts.Node[] = [];
  ts.forEachChild(parent, (node) => {
    const hasBody = 'body' in node && node.body !== undefined && ts.isFunctionLike(node);
    outermost.push(...(hasBody ? [node] : outermostIn(node)));
  });
  return outermost;
}

/** Its own name, or that of the constant or property that holds it. */
function nameOf(node: ts.Node): string {
  for (const named of [node, node.parent] as readonly { name?: ts.Node }[]) {
    if (named.name !== undefined) return named.name.getText();
  }
  return 'unnamed';
}
