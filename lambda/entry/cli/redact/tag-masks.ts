import type { Masking } from './masks.ts';
import type { Writing } from './writing.ts';

type Tags = Readonly<Record<string, string>>;

/** The tag of a node names its cluster in the key. */
const CLUSTER_KEY = 'kubernetes.io/cluster/';
const RESOURCE_KEY = /^(ingress\.(?:k8s\.aws|eks\.amazonaws\.com))\/resource$/;

/** Values name people, teams and things; keys are conventions, and say nothing of anybody. */
export function tagsMasked(tags: Tags, mask: Masking, writing: Writing): Tags {
  return Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [
      keyMasked(key, writing),
      // Several words are somebody's sentence, and none of them a name.
      /\s/.test(value.trim()) ? mask('text', value, 'tag value') : valueMasked(key, value, tags, writing),
    ]),
  );
}

function keyMasked(key: string, writing: Writing): string {
  if (!key.startsWith(CLUSTER_KEY)) return key;
  return `${CLUSTER_KEY}${writing.reference(key.slice(CLUSTER_KEY.length), 'cluster')}`;
}

/** `namespace/ingress-service:port`: two names in one word, of which the stack tells the first. */
function valueMasked(key: string, value: string, tags: Tags, writing: Writing): string {
  const reference = (text: string): string => writing.reference(text, 'tag value');
  const [, prefix] = RESOURCE_KEY.exec(key) ?? [];
  const [, namespace, ingress] = /^([^/]+)\/([^/]+)$/.exec(tags[`${prefix}/stack`] ?? '') ?? [];
  const head = `${namespace}/${ingress}-`;
  if (prefix === undefined || ingress === undefined || !value.startsWith(head)) return reference(value);
  return `${reference(head.slice(0, -1))}-${reference(value.slice(head.length))}`;
}
