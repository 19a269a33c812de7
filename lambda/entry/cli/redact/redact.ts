import { changeSaid } from '../../../collect/trail/change-summary.ts';
import { inOrder } from '../../../incident/evidence/order.ts';
import { EVIDENCE_KEYS } from '../../../incident/evidence/table.ts';
import type { ChangeEvent } from '../../../incident/evidence.ts';
import type { ObservedEvidence, Snapshot } from '../../../incident/snapshot.ts';
import { contentAt, isChoice } from './field-contents.ts';
import type { MaskCounts } from './mask-counts.ts';
import { type Masking, NotedWords } from './masks.ts';
import { tagsMasked } from './tag-masks.ts';
import { type Writing, writingWith } from './writing.ts';

export interface Redacted {
  readonly snapshot: Snapshot;
  /** How many words were masked, by kind. */
  readonly counts: MaskCounts;
}

/**
 * A snapshot that names nobody and nothing, and is judged as before: what was one thing is one thing still, what lay within
 * a network lies within it, and AWS's own words stay. First it is read for all that it names, and then written anew.
 */
export function redact(snapshot: Snapshot): Redacted {
  const words = new NotedWords();
  written(snapshot, words.note, writingWith(words.note));
  const { arn } = snapshot.question.subject;
  const masks = words.masks(JSON.stringify(snapshot), `${arn} ${snapshot.collectedAt}`);
  const anew = written(snapshot, masks.mask, writingWith(masks.mask, masks.names));
  return { snapshot: { ...withChangesSaid(anew), redacted: true }, counts: masks.counts };
}

/** Only words change, never the shape: what comes out is of the type that went in. */
function written(snapshot: Snapshot, mask: Masking, writing: Writing): Snapshot {
  return valueWritten(snapshot, [], { mask, writing }) as Snapshot;
}

interface Pen {
  readonly mask: Masking;
  readonly writing: Writing;
}

function valueWritten(value: unknown, path: readonly string[], pen: Pen): unknown {
  if (typeof value === 'string') return textWritten(value, path, pen);
  if (Array.isArray(value)) return value.map((item) => valueWritten(item, path, pen));
  if (typeof value !== 'object' || value === null) return value;
  if (isTags(value, path)) return tagsMasked(value, pen.mask, pen.writing);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.startsWith('arn:') ? pen.writing.reference(name) : name,
      valueWritten(inner, [...path, name], pen),
    ]),
  );
}

/** Those of a resource: by key, each a text. */
function isTags(value: object, path: readonly string[]): value is Readonly<Record<string, string>> {
  if (!path.includes('tags')) return false;
  const isOfResource = path[1] === 'tags' ? path.length > 3 : path.at(-1) === 'tags';
  return isOfResource && Object.values(value).every((one) => typeof one === 'string');
}

function textWritten(text: string, path: readonly string[], { mask, writing }: Pen): string {
  const content = contentAt(path);
  switch (content) {
    case 'own-word':
      return text;
    case 'sentence':
      return writing.sentence(text);
    case 'free-text':
      return text === '' || JUDGED.test(text) ? text : mask('text', text, freeTextAt(path));
    case 'console-line':
      return writing.sentence(withoutUsers(text, writing));
    case 'caller':
      return callerWritten(text, writing);
    case 'description':
      return descriptionWritten(text, { mask, writing });
    case 'tag-value':
      return writing.reference(text, 'tag value');
    case 'set-value': {
      const name = path.at(-1) ?? '';
      if (isChoice(name, text)) return text;
      return /path/i.test(name) ? writing.sentence(text) : writing.reference(text);
    }
    default:
      return writing.reference(text, content.refersTo);
  }
}

/** What somebody wrote, by the field that holds it. */
function freeTextAt(path: readonly string[]): string {
  if (path.includes('mutedBy')) return 'alarm mute rule description';
  return path.at(-1) === 'body' ? 'fixed-response body' : 'alarm description';
}

/** Who logged in, for whom something ran, whose directory it is. */
const USER =
  /(\blogin: |\b(?:user|username|login)[=:]\s*["']?|\b(?:for|of|by) (?:invalid )?user ["']?|\buser ["']|\/home\/)([\w.@+-]*\w)/gi;

function withoutUsers(line: string, writing: Writing): string {
  return line.replace(USER, (_, before: string, user: string) => `${before}${writing.reference(user, 'caller')}`);
}

/** What a load balancer controller answers where an ingress names what is not there. */
const JUDGED = /^backend (?:service|action) does not exist\.?$/i;

/** `role/deploy (ci-42)`, `alice`, `autoscaling.amazonaws.com for role/deploy`. The controller of a cluster stays one. */
function callerWritten(who: string, writing: Writing): string {
  const words = who.split(/((?<!\s)\s+for\s+|(?<!\s)\s*\(|\)|^role\/|^account )/);
  const masked = words.map((word, at) => (at % 2 === 1 ? word : writing.reference(word, 'caller'))).join('');
  const wasController = /load-?balancer-?controller/i.test(who);
  return wasController && masked !== who
    ? masked.replace(/(?:caller|name)-(?=\d)/, 'load-balancer-controller-')
    : masked;
}

/** What AWS writes on an interface that it made, before the name of what it is for. */
const MADE_BY_AWS =
  /^(?:(?:RDS|Redshift)NetworkInterface|ElastiCache |EFS mount target for |Interface for NAT Gateway |Network Interface for Transit Gateway Attachment |AWS Lambda VPC ENI-|VPC Endpoint Interface |ELB |aws-K8S-|Primary network interface)/i;

function descriptionWritten(text: string, { mask, writing }: Pen): string {
  if (text === '') return text;
  const [prefix] = MADE_BY_AWS.exec(text) ?? [];
  if (prefix !== undefined) return `${prefix}${writing.reference(text.slice(prefix.length))}`;
  return text.startsWith('arn:') ? writing.reference(text) : mask('text', text, 'network interface description');
}

/** As the collector says them of the same call; and all lists in the order of what they hold now. */
function withChangesSaid(snapshot: Snapshot): Snapshot {
  const { changes } = snapshot.evidence;
  const said = (change: ChangeEvent): ChangeEvent => ({
    ...change,
    what: changeSaid(change.event, change.details, change.resources),
  });
  const evidence = {
    ...snapshot.evidence,
    changes: changes.seen ? { ...changes, value: changes.value.map(said) } : changes,
  };
  return {
    ...snapshot,
    evidence: Object.fromEntries(
      EVIDENCE_KEYS.map((key) => [key, inOrder(key, evidence[key])]),
    ) as unknown as ObservedEvidence,
  };
}
