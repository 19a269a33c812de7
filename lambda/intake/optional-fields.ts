import * as v from 'valibot';

/** What AWS may leave out, or may one day send in another shape: then it is as if it had been left out. */
export const optionalText = v.fallback(v.optional(v.string()), undefined);
export const optionalNumber = v.fallback(v.optional(v.number()), undefined);
export const optionalList = v.fallback(v.optional(v.array(v.unknown()), []), []);
export const optionalRecord = v.fallback(v.optional(v.record(v.string(), v.unknown()), {}), {});

/** The items that have the shape; the others are none. */
export function itemsOf<Schema extends v.GenericSchema>(schema: Schema, items: readonly unknown[]) {
  return items.flatMap((item): v.InferOutput<Schema>[] => {
    const read = v.safeParse(schema, item);
    return read.success ? [read.output] : [];
  });
}
