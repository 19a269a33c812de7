import * as v from 'valibot';
import type { PolicyStatement } from '../incident/evidence.ts';
import { withShortTexts } from '../incident/short-text.ts';

/** IAM writes one thing as itself, and several as a list. */
const many = v.pipe(
  v.union([v.array(v.string()), v.string()]),
  v.transform((value) => (typeof value === 'string' ? [value] : value)),
);

const statement = v.looseObject({
  Sid: v.optional(v.string(), ''),
  Effect: v.string(),
  Principal: v.optional(v.union([v.string(), v.record(v.string(), many)]), {}),
  Action: v.optional(many, []),
  Resource: v.optional(many, []),
  Condition: v.optional(v.record(v.string(), v.record(v.string(), many)), {}),
});

const document = v.looseObject({
  Statement: v.union([
    v.array(statement),
    v.pipe(
      statement,
      v.transform((one) => [one]),
    ),
  ]),
});

/** The statements of a resource policy; `null` where it is not one that can be read: nobody knows whom it admits. */
export function statementsIn(text: string | undefined): readonly PolicyStatement[] | null {
  const parsed = v.safeParse(document, json(text));
  return parsed.success ? parsed.output.Statement.map(statementOf) : null;
}

function statementOf({
  Sid,
  Effect,
  Principal,
  Action,
  Resource,
  Condition,
}: v.InferOutput<typeof statement>): PolicyStatement {
  return {
    id: Sid,
    effect: Effect,
    principals: typeof Principal === 'string' ? [Principal] : Object.values(Principal).flat(),
    actions: Action,
    resources: Resource,
    conditions: Object.entries(Condition).flatMap(([operator, tests]) =>
      Object.entries(tests).map(([key, values]) => ({ operator, key, values })),
    ),
  };
}

function json(text = ''): unknown {
  try {
    return withShortTexts(JSON.parse(text));
  } catch {
    return null;
  }
}
