import { Construct } from 'constructs';

/** A value that the construct cannot take. The sentence names the property, what was expected and what was found. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

export function refuse(of: string, expected: string, found: unknown): never {
  throw new Refusal(`AlbTriage, ${of}: expected ${expected}, found ${shown(found)}`);
}

const AT_MOST = 200;

/** Constructs know the whole app: of them, and of what else is more than a value, only the kind is shown. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  const written = isValue(value) ? JSON.stringify(value) : undefined;
  if (written !== undefined && written.length <= AT_MOST) return written;
  if (typeof value === 'string') return `${written?.slice(0, AT_MOST)}…`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'function') return 'a function';
  if (Construct.isConstruct(value)) return `the construct ${value.node.path}`;
  const made = value?.constructor?.name ?? 'Object';
  return made === 'Object' ? 'an object' : `an object of the class ${made}`;
}

function isValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isValue);
  if (typeof value !== 'object' || value === null) return typeof value !== 'function';
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
  return isPlain && Object.values(value).every(isValue);
}
