import { RemovalPolicy, Token } from 'aws-cdk-lib';
import { meant } from '../../lambda/intake/nearest.ts';
import { DEFAULT_THRESHOLD } from './alarms.ts';
import { isLogSources, LOG_SOURCES } from './logs.ts';
import type { AlbTriageProps, WatchOptions } from './props.ts';
import { Refusal, refuse } from './refusal.ts';

/** What a property is made of, whatever it says: JavaScript, and what is read from a file, know no types. */
interface Kind {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

const TEXT: Kind = { expected: 'a text', fits: isText };
const NUMBER: Kind = { expected: 'a number', fits: (value) => typeof value === 'number' };
const FLAG: Kind = { expected: 'true or false', fits: (value) => typeof value === 'boolean' };
const DURATION: Kind = { expected: 'a Duration, such as Duration.seconds(60)', fits: having('toSeconds') };
const TOPIC: Kind = {
  expected: "a topic; of one that exists, Topic.fromTopicArn(this, 'Topic', '<arn>')",
  fits: having('topicArn'),
};
const KEY: Kind = {
  expected: "a key; of one that exists, Key.fromKeyArn(this, 'Key', '<arn>')",
  fits: having('keyArn'),
};

const WATCH_OPTIONS: Readonly<Record<keyof WatchOptions, Kind>> = {
  threshold: {
    expected: `{${Object.keys(DEFAULT_THRESHOLD).join(', ')}}, any of them`,
    fits: (value) => isPlain(value) && Object.keys(value).every((name) => name in DEFAULT_THRESHOLD),
  },
  lowTraffic: FLAG,
  unhealthyHosts: FLAG,
  idleTimeout: DURATION,
};

/** Of every property: one without does not compile. */
const PROPS: Readonly<Record<keyof AlbTriageProps, Kind>> = {
  ...WATCH_OPTIONS,
  loadBalancers: listOf('load balancers, each created, imported or {loadBalancerArn}', having('loadBalancerArn')),
  everyLoadBalancer: FLAG,
  alarms: listOf('alarms, each created, imported or {alarmArn}', having('alarmArn')),
  alarmTopics: listOf("topics; of one that exists, Topic.fromTopicArn(this, 'Topic', '<arn>')", TOPIC.fits),
  topic: TOPIC,
  subscriptions: listOf("subscriptions, such as new EmailSubscription('oncall@example.com')", having('bind')),
  fallbackTopic: TOPIC,
  chatTopic: TOPIC,
  slack: record(['workspaceId', 'channelId']),
  teams: record(['tenantId', 'teamId', 'channelId']),
  timeZone: TEXT,
  accountName: TEXT,
  owner: TEXT,
  runbook: TEXT,
  notify: listOf('outcomes', isText),
  logs: { expected: LOG_SOURCES, fits: isLogSources },
  role: { expected: "a role; of one that exists, Role.fromRoleArn(this, 'Role', '<arn>')", fits: having('roleArn') },
  permissionsBoundary: {
    expected: "a policy; of one that exists, ManagedPolicy.fromManagedPolicyArn(this, 'Boundary', '<arn>')",
    fits: having('managedPolicyArn'),
  },
  vpc: { expected: "a VPC; of one that exists, Vpc.fromLookup(this, 'Vpc', {vpcId})", fits: having('selectSubnets') },
  vpcSubnets: { expected: 'a choice of subnets, such as {subnetType}', fits: isPlain },
  securityGroups: listOf('security groups', having('securityGroupId')),
  encryptionKey: KEY,
  reservedConcurrency: NUMBER,
  memorySize: NUMBER,
  timeout: DURATION,
  logRetention: NUMBER,
  logLevel: TEXT,
  tracing: FLAG,
  tags: { expected: '{name: text}', fits: (value) => isPlain(value) && Object.values(value).every(isText) },
  removalPolicy: {
    expected: 'RemovalPolicy.DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE',
    fits: (value) =>
      [RemovalPolicy.DESTROY, RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE].some(
        (policy) => policy === value,
      ),
  },
  history: FLAG,
  dashboard: FLAG,
  outputs: FLAG,
  bundle: TEXT,
};

/** What is misspelt would be left out without a word, and something else deployed. */
export function refuseOtherKinds(props: unknown): void {
  refuseIn(props, PROPS, 'its properties, such as {loadBalancers: […]}');
}

export function refuseOtherOptions(loadBalancer: unknown, options: unknown): void {
  if (!having('loadBalancerArn')(loadBalancer))
    refuse('watch', 'a load balancer, created, imported or {loadBalancerArn}', loadBalancer);
  refuseIn(options, WATCH_OPTIONS, 'options, such as {threshold: {minimumErrors: 1}}');
}

/** What of more than that is for the construct. */
export function propsAmong(more: object): AlbTriageProps {
  return Object.fromEntries(Object.entries(more).filter(([name]) => Object.hasOwn(PROPS, name)));
}

function refuseIn(props: unknown, kinds: Readonly<Record<string, Kind>>, expected: string): void {
  if (typeof props !== 'object' || props === null) refuse('properties', expected, props);
  for (const [name, value] of Object.entries(props)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (value === undefined) continue;
    if (kind === undefined) {
      const hint = meant(name, Object.keys(kinds));
      throw new Refusal(`AlbTriage, ${name}: there is no such property${hint === undefined ? '' : `: ${hint}`}`);
    }
    if (!Token.isUnresolved(value) && !kind.fits(value)) refuse(name, kind.expected, value);
  }
}

function listOf(what: string, fits: (value: unknown) => boolean): Kind {
  return { expected: `a list of ${what}`, fits: (value) => Array.isArray(value) && value.every(fits) };
}

function record(names: readonly string[]): Kind {
  return {
    expected: `{${names.join(', ')}}`,
    fits: (value) =>
      isPlain(value) &&
      Object.keys(value).every((name) => names.includes(name)) &&
      names.every((name) => isText(value[name])),
  };
}

/** An app may have another copy of the CDK, with classes of its own: what something can do tells its kind. */
function having(member: string): (value: unknown) => boolean {
  return (value) => typeof value === 'object' && value !== null && (value as Record<string, unknown>)[member] != null;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
