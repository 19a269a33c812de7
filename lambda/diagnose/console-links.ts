import type { Diagnosis, Subjected } from '../incident/diagnosis.ts';
import type { TargetGroup } from '../incident/evidence.ts';
import type { Citation, Finding } from '../incident/finding.ts';
import { inTable } from '../incident/in-table.ts';
import type { Question, Trigger, Window } from '../incident/question.ts';
import type { Text, Time } from '../incident/text.ts';
import { earliest, latest } from '../semantics/time/minutes.ts';

export interface Link {
  readonly title: string;
  readonly url: string;
}

/** The console's host by partition. Isolated partitions have none that is public: no links there. */
const CONSOLES: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

const GROUPS_AT_MOST = 5;

/** Where to look where nothing could be read: at the alarm, else at the load balancers there are. */
export function failureLinks({ arn, name, region }: Subjected, trigger: Trigger): readonly Link[] {
  const partition = (arn ?? trigger.alarmArn)?.split(':')[1] ?? 'aws';
  if (region === null) return [];
  const page = pageOn(partition, region);
  if (page === null) return [];
  return [
    ...alarmLink(trigger, page),
    arn === null
      ? { title: 'Load balancers', url: page('ec2', 'LoadBalancers:') }
      : { title: `Load balancer ${name}`, url: page('ec2', `LoadBalancer:loadBalancerArn=${arn}`) },
  ];
}

type PageOf = (service: string, place: string) => string;

function pageOn(partition: string, region: string): PageOf | null {
  const console = inTable(CONSOLES, partition);
  // It becomes a part of a host's name: of what is no Region, the link would lead to somebody else.
  if (console === undefined || !/^[a-z0-9-]+$/.test(region)) return null;
  return (service, place) => `https://${region}.${console}/${service}/home?region=${region}#${place}`;
}

function alarmLink({ alarmName }: Trigger, page: PageOf): readonly Link[] {
  if (alarmName === undefined) return [];
  return [{ title: `Alarm ${alarmName}`, url: page('cloudwatch', `alarmsV2:alarm/${strictlyEncoded(alarmName)}`) }];
}

/** What the report tells of changes: as its list of them, or by a finding, which may know of one from elsewhere. */
interface Told {
  readonly findings: readonly Pick<Finding<Text>, 'change' | 'because'>[];
  readonly changes: Diagnosis['changes'];
}

/** The window, widened to hold every change that is told. */
function withChanges({ from, to }: Window, { findings, changes }: Told): Window {
  const named = findings.flatMap(({ change, because }) => [
    ...(change === undefined ? [] : [change.at]),
    ...because.flatMap((proof) => (proof.from === 'changes' ? timesIn(proof) : [])),
  ]);
  const times = [...named, ...changes.map(({ at }) => at)];
  return { from: earliest([from, ...times]) ?? from, to: latest([to, ...times]) ?? to };
}

function timesIn({ at, shows }: Citation<Text>): readonly Time[] {
  return [...(at === undefined ? [] : [at]), ...shows.flatMap((part) => (part.kind === 'time' ? part.at : []))];
}

/** The console pages on which a person would look next, at the time asked about. */
export function consoleLinks(
  question: Question,
  targetGroups: readonly Pick<TargetGroup, 'arn' | 'name'>[],
  told: Told = { findings: [], changes: [] },
): readonly Link[] {
  const { subject, trigger, window, asked = window } = question;
  const page = pageOn(subject.partition, subject.region);
  if (page === null) return [];
  const changed = withChanges(window, told);

  return [
    ...alarmLink(trigger, page),
    {
      title: `Load balancer ${subject.name}`,
      url: page('ec2', `LoadBalancer:loadBalancerArn=${subject.arn}`),
    },
    ...targetGroups.slice(0, GROUPS_AT_MOST).map(({ arn, name }) => ({
      title: `Target group ${name}`,
      url: page('ec2', `TargetGroup:targetGroupArn=${arn}`),
    })),
    {
      title: 'Errors minute by minute',
      url: page('cloudwatch', `metricsV2:graph=${errorGraph(subject.region, subject.dimension, asked)}`),
    },
    {
      title: 'Changes recorded by CloudTrail',
      url: page('cloudtrailv2', `/events?ReadOnly=false&StartTime=${changed.from}&EndTime=${changed.to}`),
    },
  ];
}

const ERRORS = [
  'HTTPCode_ELB_502_Count',
  'HTTPCode_ELB_503_Count',
  'HTTPCode_ELB_504_Count',
  'HTTPCode_ELB_5XX_Count',
  'HTTPCode_Target_5XX_Count',
];

/** CloudWatch's own notation: `~(…)` an object or a list, `~'` a text in which `*2f` stands for `/`. */
function errorGraph(region: string, dimension: string, window: Window): string {
  const metrics = ERRORS.map(
    (metric) => `~(${word('AWS/ApplicationELB')}${word(metric)}${word('LoadBalancer')}${word(dimension)})`,
  ).join('');
  const graph =
    `~(metrics~(${metrics})~view${word('timeSeries')}~stacked~false~region${word(region)}` +
    `~stat${word('Sum')}~period~60~start${word(window.from)}~end${word(window.to)})`;
  return graph.replace(/['()]/g, percentEncoded);
}

function word(value: string): string {
  return `~'${value.replace(/[^\w.-]/g, (character) => `*${hex(character)}`)}`;
}

/** Mail programs end a link at a quote or a bracket, which `encodeURIComponent` leaves as they are. */
function strictlyEncoded(value: string): string {
  return encodeURIComponent(value.replace(/\p{Cs}/gu, '')).replace(/[!'()*]/g, percentEncoded);
}

const percentEncoded = (character: string) => `%${hex(character).toUpperCase()}`;

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, '0');
}
