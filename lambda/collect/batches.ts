import type { Gap } from '../incident/observed.ts';
import type { PartialList } from './aws.ts';
import { CallFailed, gapOf } from './errors.ts';

/**
 * Asks for many ids, so many a call, all at once. Ids whose call failed are a gap; where every call failed, so has this.
 */
export async function inBatches<Id, T>(
  ids: readonly Id[],
  size: number,
  ask: (batch: readonly Id[]) => Promise<PartialList<T>>,
  named: (id: Id) => string = String,
): Promise<PartialList<T>> {
  const asked = batches(ids, size);
  const answers = await Promise.all(asked.map((batch) => ask(batch).catch(failureOf)));
  const failures = answers.filter((answer) => answer instanceof CallFailed);
  const [first] = failures;
  if (first !== undefined && failures.length === answers.length) throw first;
  const items: T[] = [];
  const gaps: Gap[] = [];
  answers.forEach((answer, index) => {
    if (answer instanceof CallFailed) {
      gaps.push(gapOf(answer, asked[index]?.map(named)));
    } else {
      items.push(...answer.items);
      gaps.push(...answer.gaps);
    }
  });
  return { items, gaps: mergedGaps(gaps) };
}

/** One call an id. */
export function oneByOne<T>(
  ids: readonly string[],
  ask: (id: string) => Promise<readonly T[]>,
): Promise<PartialList<T>> {
  return inBatches(ids, 1, async ([id]) => ({ items: id === undefined ? [] : await ask(id), gaps: [] }));
}

function batches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
}

/** Ids that were asked for and did not come back are a gap; where pages are missing, that gap says it already. */
export function withGapForMissing<T>(
  asked: readonly string[],
  listed: PartialList<T>,
  idsOf: (item: T) => readonly string[],
  action: string,
  kind: string,
): PartialList<T> {
  if (listed.gaps.length > 0) return listed;
  const known = new Set(listed.items.flatMap(idsOf));
  const ids = asked.filter((id) => !known.has(id));
  const detail = `${action} did not return every ${kind} asked for`;
  return ids.length === 0 ? listed : { ...listed, gaps: [{ why: 'partial', detail, action, ids }] };
}

/** Gaps of the same kind as one: sixty calls cut off by the deadline are one thing to say. */
function mergedGaps(gaps: readonly Gap[]): readonly Gap[] {
  const byDetail = new Map<string, Gap>();
  const apart: Gap[] = [];
  for (const gap of gaps) {
    if (gap.ids === undefined) apart.push(gap);
    else
      byDetail.set(gap.detail, { ...gap, ids: [...new Set([...(byDetail.get(gap.detail)?.ids ?? []), ...gap.ids])] });
  }
  return [...byDetail.values(), ...apart];
}

function failureOf(error: unknown): CallFailed {
  if (error instanceof CallFailed) return error;
  throw error;
}
