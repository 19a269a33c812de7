import type { Attributes } from '../incident/evidence.ts';

export function keyValues(pairs: readonly { Key?: string | undefined; Value?: string | undefined }[] = []): Attributes {
  return Object.fromEntries(pairs.map(({ Key = '', Value = '' }) => [Key, Value]));
}
