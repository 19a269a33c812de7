import {
  type BaseType,
  createFormatter,
  createParser,
  createProgram,
  DEFAULT_CONFIG,
  LiteralType,
  SchemaGenerator,
  type SubNodeParser,
  UnionType,
} from 'ts-json-schema-generator';

export const CONFIG = {
  ...DEFAULT_CONFIG,
  path: 'lambda/incident/diagnosis.ts',
  tsconfig: 'tsconfig.json',
  type: 'Report',
  topRef: false,
  skipTypeCheck: true,
  encodeRefs: false,
  // Fields may be added to the report: whoever reads it must let them be.
  additionalProperties: true,
};

let schema: object | undefined;
let program: ReturnType<typeof createProgram> | undefined;

/** The JSON Schema of the report, from the type that the renderer is checked against: the compiler takes seconds for it. */
export function reportSchema(): object {
  schema ??= makeSchema();
  return schema;
}

function makeSchema(): object {
  const { $schema, definitions, ...report } = schemaOf(CONFIG.type, CONFIG);
  const named = JSON.stringify({ $schema, title: 'alb-triage report', ...report, definitions });
  // `Finding<string>` is a name for compilers only.
  return JSON.parse(
    named.replaceAll(/DiagnosisOf<string(,Fix<string>)?>/g, 'Report').replaceAll(/<string(,Fix<string>)?>/g, ''),
  );
}

/** The JSON Schema of any type that the report or the snapshot is made of. */
export function schemaOf(type: string, config: typeof CONFIG) {
  program ??= createProgram(CONFIG);
  const literals = new LiteralUnionParser(program.getTypeChecker());
  const parser = createParser(program, config, (chain) => chain.addNodeParser(literals));
  return new SchemaGenerator(program, parser, createFormatter(config), config).createSchema(type);
}

type Checker = ReturnType<ReturnType<typeof createProgram>['getTypeChecker']>;
type Node = Parameters<SubNodeParser['supportsNode']>[0];

/** The generator cannot index a union of tuples, `(typeof CATALOGUE)[Category][number]`; the compiler can. */
class LiteralUnionParser implements SubNodeParser {
  readonly #checker: Checker;

  constructor(checker: Checker) {
    this.#checker = checker;
  }

  supportsNode(node: Node): boolean {
    return 'objectType' in node && 'indexType' in node && this.#literals(node).length > 0;
  }

  createType(node: Node): BaseType {
    return new UnionType(this.#literals(node).map((literal) => new LiteralType(literal)));
  }

  #literals(node: Node): readonly string[] {
    const type = this.#checker.getTypeAtLocation(node);
    if (!type.isUnion()) return [];
    const literals = type.types.flatMap((one) => (one.isStringLiteral() ? [one.value] : []));
    return literals.length === type.types.length ? literals : [];
  }
}

/** The same schema, refusing any field it does not name: for our own reports. */
export function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, strict(value)]));
  return 'properties' in schema ? { ...inner, additionalProperties: false } : inner;
}
