import { readFileSync } from 'node:fs';
import { CAUSES } from '../../../../lambda/causes/index.ts';
import type { Snapshot } from '../../../../lambda/incident/snapshot.ts';

export interface Identifier {
  readonly word: string;
  readonly standsIn: (text: string, form: string) => boolean;
}

/**
 * What the program says of its own accord, as the pages of its causes do, and AWS in its sentences: a name that is such a
 * word cannot be told from it.
 */
const WORDS_OF_REPORTS = new Set(
  CAUSES.flatMap(({ category, id }) => {
    const page = readFileSync(new URL(`../../../../lambda/causes/${category}/${id}/page.md`, import.meta.url), 'utf8');
    return page.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  }),
);
const WORDS_OF_SNAPSHOTS = new Set(['node', 'app', 'apigateway', 'elb', 'events', 'network']);

const NAMING =
  /^(?:name|cluster|container|group|who|alarmName|logGroup|dnsName|dimension|taskDefinition|rule|service)$/;
const LOOKS = [
  /\barn:aws[\w-]*:[^\s"'(),;<>]+/g,
  /\b\d{12}\b/g,
  /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)/g,
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
  /\b(?:i|sg|subnet|vpc|eni|acl|rtb|igw|nat|pcx|asc)-[\w-]+/g,
  /(?<![\w.])[0-9a-f]{16,}\b/g,
  /\b(?:[\w-]+\.)+(?:com|org|net|local|internal)\b/g,
];

/** Ids, addresses, ARNs, accounts, e-mail addresses, hosts and names, gathered without the help of what masks them. */
export function identifiersIn(snapshot: Snapshot): readonly Identifier[] {
  const text = JSON.stringify({ ...snapshot, evidence: withoutSources(snapshot.evidence) });
  const looks = LOOKS.flatMap((pattern) => [...text.matchAll(pattern)].map(([word]) => word)).filter(isOurs);
  const names = [...namesIn(snapshot.evidence), ...namesIn(snapshot.question)];
  return [...new Set([...looks, ...names])].map((word) => ({ word, standsIn: standing(word, looks.includes(word)) }));
}

function standing(word: string, looksLikeIt: boolean): Identifier['standsIn'] {
  const pattern = new RegExp(`(?<![\\w-])${word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}(?![\\w-])`);
  const exempt = (form: string) =>
    (form === 'snapshot' ? WORDS_OF_SNAPSHOTS : WORDS_OF_REPORTS).has(word.toLowerCase());
  return (text, form) => (looksLikeIt || !exempt(form)) && pattern.test(text);
}

/** Not what anybody may know, such as an address of AWS or the whole internet. */
function isOurs(word: string): boolean {
  return (
    !/^(?:[\w-]+\.)?(?:amazonaws|amazon)\.com$|^docs\.|^0\.0\.0\.0$|^(?:10|127)\.0\.0\.0$|^192\.168\.0\.0$|\.amazon\.com$/.test(
      word,
    ) && !/(?:^|\.)(?:k8s\.aws|kubernetes\.io)$|\bk8s\.amazonaws\.com$|^eks\.amazonaws\.com$/.test(word)
  );
}

function withoutSources(evidence: Snapshot['evidence']): object {
  return Object.fromEntries(Object.entries(evidence).map(([key, { source: _, ...rest }]) => [key, rest]));
}

function namesIn(value: unknown, path: readonly string[] = []): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => namesIn(item, path));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => namesIn(inner, [...path, key]));
  }
  const field = path.at(-1) ?? '';
  if (typeof value !== 'string' || path.includes('source') || path.includes('listenerRules')) return [];
  if (!NAMING.test(field) && !path.slice(0, -1).includes('tags')) return [];
  if (value.startsWith('arn:')) return [];
  return value.split(/[\s/:,()]+/).filter((word) => word.length > 2 && !/^\d+$/.test(word) && !OF_AWS.test(word));
}

const OF_AWS =
  /^(?:https?|role|app|aws|lambda|owned|backend-sg|LoadBalancer|default|AWSServiceRole\w*|[\w-]+\.amazonaws\.com|Managed\w+)$/;
