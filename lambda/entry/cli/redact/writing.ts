import { inTable } from '../../../incident/in-table.ts';
import { AWS_WORDS } from './aws-words.ts';
import type { MaskKind } from './mask-counts.ts';
import { ID_PREFIXES, type Masking } from './masks.ts';

/** Masks one text of a snapshot. */
export interface Writing {
  /** It refers to something: every word of it that is not AWS's own is masked. */
  readonly reference: (text: string, kind?: MaskKind) => string;
  /** A sentence, of AWS or a program: what looks like a name of something is masked, and every name known from elsewhere. */
  readonly sentence: (text: string) => string;
}

const ARN = String.raw`arn:[a-z0-9-]+:[^\s"'(),;<>\]]+`;
const EMAIL = String.raw`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`;
const IPV4 = String.raw`(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\w.]*\d)`;
const IPV6 = String.raw`(?<![\w:])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?:\/\d{1,3})?(?![\w:])`;
const DASHED = String.raw`\bip-\d{1,3}(?:-\d{1,3}){3}\b`;
const DEPLOYMENT = String.raw`\becs-svc\/\d+`;
/** `app/web/50dc6c495c0c9188`, as a metric names it. */
const DIMENSION = String.raw`(?<![\w/-])(?:(?:app|net|gwy)|targetgroup)\/[\w-]+\/[\w-]+`;
const TOP_LEVELS =
  'com|org|net|io|dev|app|co|cloud|internal|local|localdomain|example|test|info|biz|gov|edu|mil|ai|tech|xyz|online|store|shop|lan|corp|intern|home|aws|cn|eu|de|uk|us|fr|nl|ch|at|jp|in|br|au|ca|pl|it|es|se|no|dk|fi';
const HOST = String.raw`(?<![\w.@-])(?:[a-zA-Z0-9_-]+\.)+(?:${TOP_LEVELS})\b(?![\w-]|\.\w)(?:\/[^\s"'()<>,;]*)?`;
const ACCOUNT = String.raw`(?<![\w.])\d{12}(?![\w.]*\d)`;
const ID = String.raw`(?<![\w-])(?:${ID_PREFIXES})-[0-9a-f]{4,17}\b(?!-)`;
const INSTANCE = String.raw`(?<![\w-])i-\w+\b`;
const UUID = String.raw`(?<!\w)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?!\w)`;
const HEX = String.raw`(?<![\w.])(?=[0-9a-f]*[0-9])[0-9a-f]{16,}(?!\w)`;
/** What AWS's sentences name: `(service web)`, `a monitor alarm web-cpu in state ALARM triggered policy out`. */
const NAMED = String.raw`(?<=\((?:service|task|instance|container|container-instance|cluster|deployment|task-set|taskSet|capacity-provider) |\bmonitor alarm |\btriggered policy |\bscheduled action )[^)\s]+`;

const SHAPES = [ARN, EMAIL, IPV4, IPV6, DASHED, DEPLOYMENT, DIMENSION, HOST, UUID, ACCOUNT, ID, INSTANCE, HEX];
const WORD = String.raw`[^\s/:,;()"'|=]+`;

/** `names`: those that are masked wherever they stand. */
export function writingWith(mask: Masking, names: readonly string[] = []): Writing {
  const inSentences = names.filter(
    (name) => name.length > 1 && !AWS_WORDS.has(name.toLowerCase()) && !/^\d+$/.test(name),
  );
  const known = new Set(inSentences);
  const listed = [...known].sort((one, other) => other.length - one.length).map(escaped);
  const aName = String.raw`(?<![\p{L}\p{N}])(?:${listed.length === 0 ? '(?!)' : listed.join('|')})(?![\p{L}\p{N}])`;
  const inReference = new RegExp([...SHAPES, WORD].join('|'), 'gu');
  const inSentence = new RegExp([...SHAPES, NAMED, aName].join('|'), 'gu');
  return {
    reference: (text, kind = 'name') => text.replace(inReference, (piece) => pieceMasked(piece, kind, mask, known)),
    sentence: (text) => text.replace(inSentence, (piece) => pieceMasked(piece, 'name', mask, known)),
  };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function whole(shape: string): RegExp {
  return new RegExp(`^(?:${shape})$`, 'u');
}

const [IS_ARN, IS_EMAIL, IS_HOST, IS_ACCOUNT] = [whole(ARN), whole(EMAIL), whole(HOST), /^\d{12}$/];
const IS_ID = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[0-9a-f]*\d)[0-9a-f]{16,})$/;
const HAS_ID_PREFIX = new RegExp(`^(?:${ID_PREFIXES})-[\\w-]+$`);

function pieceMasked(piece: string, kind: MaskKind, mask: Masking, known: ReadonlySet<string>): string {
  if (IS_ARN.test(piece)) return arnMasked(piece, mask, known);
  if (IS_EMAIL.test(piece)) return mask('e-mail address', piece);
  if (/^ip-\d+-\d+-\d+-\d+$/.test(piece)) return dashedMasked(piece, mask);
  const [, family, name, id] = /^(app|net|gwy|targetgroup)\/([\w-]+)\/([\w-]+)$/.exec(piece) ?? [];
  if (family !== undefined && name !== undefined && id !== undefined) {
    const kind = family === 'targetgroup' ? 'target group' : 'load balancer';
    return `${family}/${mask(kind, name)}/${mask('id', id, `${kind} id`)}`;
  }
  if (/^ecs-svc\/\d+$/.test(piece)) return `ecs-svc/${mask('id', piece.slice('ecs-svc/'.length), 'ECS deployment id')}`;
  if (/^[\d.]+(\/\d+)?$/.test(piece) && piece.includes('.')) return mask('address', piece);
  if (/^[0-9a-fA-F:]+(\/\d+)?$/.test(piece) && piece.includes(':'))
    return isTime(piece) ? piece : mask('address', piece);
  if (IS_HOST.test(piece) && !known.has(piece)) return hostMasked(piece, mask, known);
  return wordMasked(piece, kind, mask, known);
}

/** `14:26:00` looks like the beginning of an address. */
function isTime(piece: string): boolean {
  return !piece.includes('::') && piece.split(':').length < 8;
}

function wordMasked(word: string, kind: MaskKind, mask: Masking, known: ReadonlySet<string>, ofId?: string): string {
  if (IS_ACCOUNT.test(word)) return mask('account id', word);
  if (IS_ID.test(word) || HAS_ID_PREFIX.test(word)) return mask('id', word, ofId);
  if (/^[*?\d.+-]*$/.test(word) || OWN.test(word)) return word;
  // A policy that admits by a pattern goes on admitting whom it admitted.
  if (/[*?]/.test(word)) return patternMasked(word, known);
  return mask(kind, word);
}

/** What AWS names itself, wherever it stands. */
const OWN =
  /^(?:\$LATEST|AWSServiceRoleFor\w*|amazon-[a-z]+|default|root|local|role|user|unknown|aws|lambda|owned|shared|true|false|enabled|disabled|backend-sg|LoadBalancer|Managed\w*SecurityGroup|HTTPS?|GRPC|https?)$/;

function patternMasked(pattern: string, known: ReadonlySet<string>): string {
  const source = escaped(pattern).replaceAll('\\*', '.*').replaceAll('\\?', '.');
  const matches = [...known].some((name) => new RegExp(`^${source}$`, 'u').test(name));
  return matches ? '*' : 'none-*';
}

function dashedMasked(piece: string, mask: Masking): string {
  return `ip-${mask('address', piece.slice(3).replaceAll('-', '.')).replaceAll('.', '-')}`;
}

const ARN_KINDS: Readonly<Record<string, MaskKind>> = {
  loadbalancer: 'load balancer',
  listener: 'load balancer',
  'listener-rule': 'load balancer',
  targetgroup: 'target group',
  function: 'function',
  alarm: 'alarm',
  webacl: 'web ACL',
  role: 'caller',
  user: 'caller',
  'assumed-role': 'caller',
};
/** What stands before a name in an ARN, and says what it is of. */
const RESOURCE_TYPE =
  /^(?:loadbalancer|listener|listener-rule|targetgroup|function|alarm|role|user|assumed-role|cluster|service|task|task-definition|container-instance|attachment|regional|global|webacl|log-group|log-stream|key|secret|repository|instance|security-group|subnet|vpc|network-interface|autoScalingGroup|autoScalingGroupName|policy|certificate|server-certificate|parameter|stack)$/;
/** What the ids in an ARN are of, one by one after the words that say its type. */
const IDS_IN_ARN: Readonly<Record<string, readonly (string | undefined)[]>> = {
  loadbalancer: [undefined, 'load balancer id'],
  listener: [undefined, 'load balancer id', 'listener id'],
  'listener-rule': [undefined, 'load balancer id', 'listener id', 'listener rule id'],
  targetgroup: [undefined, 'target group id'],
  task: ['ECS task id', 'ECS task id'],
  'container-instance': ['ECS container instance id', 'ECS container instance id'],
  webacl: [undefined, 'web ACL id'],
};
const SECOND_TYPE = /^(?:app|net|gwy|webacl|service-role|aws-service-role|autoScalingGroupName|aws)$/;

function arnMasked(arn: string, mask: Masking, known: ReadonlySet<string>): string {
  const [, head = '', account = '', rest = ''] = /^(arn:[^:]*:[^:]*:[^:]*:)([^:]*)(.*)$/.exec(arn) ?? [];
  const [before = '', ...pieces] = rest.split(/([/:])/);
  const types = typesIn(pieces);
  const kind = inTable(ARN_KINDS, types.at(-1) ?? '') ?? inTable(ARN_KINDS, types[0] ?? '') ?? 'name';
  const ids = inTable(IDS_IN_ARN, types.at(-1) ?? '') ?? inTable(IDS_IN_ARN, types[0] ?? '') ?? [];
  const masked = pieces.map((piece, at) => {
    const isBare = at % 2 === 0 || piece === '' || at < types.length * 2;
    return isBare ? piece : wordMasked(piece, kind, mask, known, ids[(at - 1) / 2 - types.length]);
  });
  return `${head}${IS_ACCOUNT.test(account) ? mask('account id', account) : account}${before}${masked.join('')}`;
}

/** How many of the first pieces say what it is of: `loadbalancer/app`, `targetgroup`. */
function typesIn(pieces: readonly string[]): readonly string[] {
  const [, first = '', , second = '', , third] = pieces;
  if (!RESOURCE_TYPE.test(first) || pieces.length < 4) return [];
  return SECOND_TYPE.test(second) && third !== undefined && first !== 'targetgroup' ? [first, second] : [first];
}

/** Of what AWS and its like call themselves. */
const PUBLIC =
  /(?:^|\.)(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.amazon\.com|k8s\.aws|kubernetes\.io|k8s\.io|karpenter\.sh)$/i;
/** A Region, or the short name of a service, within an address of AWS. */
const OF_AWS =
  /^(?:[a-z]{2}(?:-[a-z]+)+-\d|elb|dkr|ecr|s3|rds|ec2|compute|internal|ssm|logs|lambda|sts|cache|efs|api|execute-api|secretsmanager)$/;

function hostMasked(piece: string, mask: Masking, known: ReadonlySet<string>): string {
  const [, host = '', path = ''] = /^([^/]+)(.*)$/.exec(piece) ?? [];
  const way = path.replace(/[^/:@?&=#]+/g, (word) => wordMasked(word, 'name', mask, known));
  const [, ending = ''] = /(\.(?:amazonaws\.com(?:\.cn)?|[^.]+))$/i.exec(host) ?? [];
  const labels = host.slice(0, host.length - ending.length).split('.');
  // `lambda.amazonaws.com` is a service; `web-123.eu-west-1.elb.amazonaws.com` belongs to somebody.
  if (PUBLIC.test(host) && (labels.length === 1 || !/amazonaws/i.test(ending))) return `${host}${way}`;
  const masked = labels.map((label) => {
    if (/^ip-\d+-\d+-\d+-\d+$/.test(label)) return dashedMasked(label, mask);
    if (IS_ACCOUNT.test(label)) return mask('account id', label);
    return OF_AWS.test(label) && /amazonaws|internal/i.test(ending) ? label : mask('host name', label);
  });
  return `${masked.join('.')}${ending}${way}`;
}
