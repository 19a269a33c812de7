import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'rolldown';
import ts from 'typescript';

/** The types of a module and of all that they name, beside its bundle: as `.d.cts`, for the bundle is CommonJS. */
export function declarations(entry: string): Plugin {
  return {
    name: 'declarations',
    generateBundle() {
      for (const [file, source] of declarationsOf(entry)) {
        this.emitFile({ type: 'asset', fileName: `${basename(file, '.ts')}.d.cts`, source });
      }
    },
  };
}

/** Each file is declared by itself, which takes no type checker: so what it exports names its types. */
function declarationsOf(entry: string): ReadonlyMap<string, string> {
  const declared = new Map<string, string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (declared.has(file)) continue;
    const text = declarationOf(file);
    const local = [...text.matchAll(/ from '\.\/([\w-]+)\.ts'/g)].map(([, name]) => `${name}.ts`);
    declared.set(file, text.replace(/( from '\.\/[\w-]+)\.ts'/g, "$1.cjs'"));
    for (const name of local) waiting.push(join(dirname(file), name));
  }
  return declared;
}

function declarationOf(file: string): string {
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(readFileSync(file, 'utf8'), {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: { stripInternal: true },
  });
  const [wrong] = diagnostics;
  if (wrong !== undefined) throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(wrong.messageText, '\n')}`);
  const beyond = / from '(\.\.?\/(?![\w-]+\.ts')[^']*)'/.exec(outputText)?.[1];
  if (beyond !== undefined) throw new Error(`${file}: a type that others see comes from ${beyond}`);
  return outputText;
}
