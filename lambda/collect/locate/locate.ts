import type { LoadBalancer as Described } from '@aws-sdk/client-elastic-load-balancing-v2';
import { arnIn } from '../../incident/arn.ts';
import { inTable } from '../../incident/in-table.ts';
import type { Question, Reference, Request, Subject, Trigger } from '../../incident/question.ts';
import { alarmWindow } from '../../incident/window.ts';
import { plusSeconds } from '../../semantics/time/minutes.ts';
import type { Aws } from '../aws.ts';
import { CallFailed } from '../errors.ts';
import { loadBalancerOf } from '../load-balancing/load-balancer.ts';
import { describeAlarmContributors, describeAlarms } from '../services/cloudwatch.ts';
import { describeLoadBalancers, describeTargetGroups } from '../services/elastic-load-balancing.ts';
import { type LocateFailure, NotLocated, refusalSaid, wholeList } from './not-located.ts';
import { namedThere } from './other-places.ts';
import { resolvedAlarms, type WatchedResource } from './resolved-alarms.ts';
import { type Kind, kindOf, subjectOf } from './subject.ts';

export type Located =
  | { readonly found: true; readonly question: Question }
  | { readonly found: false; readonly failure: LocateFailure };

export const LOCATE_ACTIONS: readonly string[] = [
  describeAlarmContributors.action,
  describeAlarms.action,
  describeLoadBalancers.action,
  describeTargetGroups.action,
];

export const LOCATE_RESOURCES: Readonly<Record<string, string>> = {
  [describeAlarms.action]: 'arn:*:cloudwatch:*:*:alarm:*',
  [describeAlarmContributors.action]: 'arn:*:cloudwatch:*:*:alarm:*',
};

/**
 * Finds the load balancer and the moment asked about. Never rejects. An ARN and a moment take no call: that is how
 * alarms come. Without a moment it is now, by the Date header of AWS's first answer.
 */
export async function locate(request: Request, aws: Aws): Promise<Located> {
  try {
    const { subject, facts = {}, evaluatedSeconds = 0 } = await subjectBy(request.about, aws);
    // Who types an ARN may have mistyped it, or it is gone: said before anything else is read.
    const typed = request.trigger.kind === 'cli' && request.about.by === 'arn';
    if (typed || (request.at === null && aws.readAt() === null)) await describe(subject, aws);
    const at = request.at ?? aws.readAt();
    if (at === null) {
      const said = request.trigger.kind === 'cli' ? 'with --at' : '(at)';
      throw new NotLocated('failed', `AWS answered without a Date header: say the moment ${said}`);
    }
    const seconds = request.widens
      ? Math.max(request.windowSeconds, alarmWindow(evaluatedSeconds))
      : request.windowSeconds;
    const window = { from: plusSeconds(at, -seconds), to: at };
    const named = request.accountName === undefined ? subject : { ...subject, accountName: request.accountName };
    const trigger = triggerWith(request.trigger, facts, at);
    const { beyond } = request;
    return { found: true, question: { subject: named, at, window, trigger, ...(beyond && { beyond }) } };
  } catch (error) {
    const at = aws.readAt();
    return { found: false, failure: { ...failureOf(error), ...(at === null ? {} : { at }) } };
  }
}

interface SubjectFound {
  readonly subject: Subject;
  readonly facts?: Partial<Trigger>;
  readonly evaluatedSeconds?: number;
}

function subjectBy(about: Reference, aws: Aws): Promise<SubjectFound> {
  switch (about.by) {
    case 'arn':
      return byArn(about.arn);
    case 'name':
      return byName(about.name, aws);
    case 'dns':
      return byDnsName(about.dnsName, aws);
    case 'target-group':
      return byTargetGroup(about.arn, aws);
    case 'alarm':
      return byAlarm(about.alarms, aws);
  }
}

async function byArn(arn: string): Promise<SubjectFound> {
  const subject = subjectOf(arn);
  if (subject === undefined) throw new NotLocated('not-found', `${arn} is not the ARN of a load balancer`);
  return { subject: requireApplication(subject) };
}

async function describe(subject: Subject, aws: Aws): Promise<void> {
  const { LoadBalancers = [] } = await aws
    .in(subject.region)
    .ask(describeLoadBalancers, { LoadBalancerArns: [subject.arn] })
    .catch((error: unknown) => {
      if (error instanceof CallFailed && error.reason === 'not-found') return { LoadBalancers: [] };
      throw error;
    });
  const [described] = LoadBalancers;
  if (described === undefined) throw notFound(`load balancer ${subject.dimension}`, subject.region, subject);
  requireApplication(subject, described);
  aws.loadBalancers.set(subject.arn, loadBalancerOf(described));
}

async function byName(name: string, aws: Aws): Promise<SubjectFound> {
  const region = await regionOf(aws);
  const described = await namedThere(name, aws);
  if (described !== undefined) return describedBy(described, aws);
  throw notFound(`load balancer named ${name}`, region, { name, region });
}

/** AWS cannot be asked for a DNS name: all load balancers of the Region are gone through. */
async function byDnsName(dnsName: string, aws: Aws): Promise<SubjectFound> {
  const wanted = hostOf(dnsName);
  const region = (await aws.region()) ?? /\.([a-z]{2,4}(?:-[a-z]+)+-\d)\.elb\./.exec(`.${wanted}`)?.[1];
  if (region === undefined) throw noRegion();
  const read = await aws.in(region).pages(describeLoadBalancers, { PageSize: 400 }, (answer) => answer.LoadBalancers);
  const described = read.items.find(({ DNSName = '' }) => hostOf(DNSName) === wanted);
  if (described !== undefined) return describedBy(described, aws);
  wholeList(read);
  throw notFound(`load balancer with the DNS name ${wanted}`, region, { region });
}

async function byTargetGroup(arn: string, aws: Aws): Promise<SubjectFound> {
  const region = arnIn(arn)?.region;
  if (!region) throw new NotLocated('not-found', `${arn} is not the ARN of a target group`);
  try {
    const { TargetGroups = [] } = await aws.in(region).ask(describeTargetGroups, { TargetGroupArns: [arn] });
    const [loadBalancer] = TargetGroups.flatMap((group) => group.LoadBalancerArns ?? []);
    if (loadBalancer !== undefined) return byArn(loadBalancer);
  } catch (error) {
    if (!(error instanceof CallFailed) || error.reason !== 'not-found') throw error;
    throw notFound(`target group ${arn}`, region, { region });
  }
  const message = `the target group ${nameIn(arn)} belongs to no load balancer: name the load balancer itself`;
  throw new NotLocated('no-load-balancer', message, { about: { region } });
}

async function byAlarm(alarms: readonly string[], aws: Aws): Promise<SubjectFound> {
  const region = alarms.map((alarm) => arnIn(alarm)?.region).find(Boolean) ?? (await regionOf(aws));
  const there = aws.in(region);
  const { watched, facts, found, grouped, evaluatedSeconds } = await resolvedAlarms(alarms, there);
  const named = alarms.map(nameIn).join(', ');
  if (!found) throw notFound(`alarm named ${named}`, region, { region }, 'alarm');
  if (watched.length === 0) {
    const why = grouped ? 'has no load balancer in ALARM at the moment' : 'watches no load balancer';
    const message = `the alarm ${named} ${why}: name the load balancer itself`;
    throw new NotLocated('no-load-balancer', message, { about: { region } });
  }
  return { subject: await theOne(watched, named, there), facts, evaluatedSeconds };
}

/** The one load balancer behind an alarm; the one whose alarm is on, where an alarm is about several. */
async function theOne(watched: readonly WatchedResource[], named: string, aws: Aws): Promise<Subject> {
  const ringing = watched.filter((each) => each.inAlarm);
  const candidates = ringing.length > 0 ? ringing : watched;
  const arns = [...new Set(candidates.map((each) => each.arn))].sort();
  const subjects = await Promise.all(
    arns.map(async (arn) => subjectOf(arn) ?? (await byTargetGroup(arn, aws)).subject),
  );
  const distinct = [...new Map(subjects.map((subject) => [subject.arn, subject])).values()];
  const applications = distinct.filter(({ dimension }) => kindOf(dimension) === 'Application');
  const [first, ...others] = applications.length > 0 ? applications : distinct;
  if (first !== undefined && others.length === 0) return requireApplication(first);
  const names = [first, ...others].map((subject) => subject?.name).join(', ');
  throw new NotLocated(
    'ambiguous',
    `the alarm ${named} watches several load balancers (${names}): name the one you mean`,
  );
}

function describedBy(described: Described, aws: Aws): SubjectFound {
  const loadBalancer = loadBalancerOf(described);
  const subject = subjectOf(loadBalancer.arn);
  if (subject === undefined) throw new NotLocated('failed', `AWS answered with an invalid ARN: ${loadBalancer.arn}`);
  requireApplication(subject, described);
  aws.loadBalancers.set(subject.arn, loadBalancer);
  return { subject };
}

const KINDS: Readonly<Record<string, Kind>> = { application: 'Application', network: 'Network', gateway: 'Gateway' };

const ARTICLE: Readonly<Record<Kind, string>> = {
  Application: 'an Application',
  Network: 'a Network',
  Gateway: 'a Gateway',
  Classic: 'a Classic',
};

/** By what AWS says it is or, where it was not asked, by its ARN. */
function requireApplication(subject: Subject, { Type }: Pick<Described, 'Type'> = {}): Subject {
  const kind = (Type === undefined ? undefined : inTable(KINDS, Type)) ?? kindOf(subject.dimension);
  if (kind === 'Application') return subject;
  const message = `${subject.name} is ${ARTICLE[kind]} Load Balancer: only Application Load Balancers can be triaged`;
  throw new NotLocated('not-an-alb', message, { about: subject });
}

async function regionOf(aws: Aws): Promise<string> {
  const region = await aws.region();
  if (region === undefined) throw noRegion();
  return region;
}

function noRegion(): NotLocated {
  return new NotLocated('no-region', 'no AWS Region is configured: set AWS_REGION');
}

function notFound(what: string, region: string, about: Partial<Subject>, missing?: 'alarm'): NotLocated {
  const message = `there is no ${what} in ${region}: check the name, the Region and the account`;
  return new NotLocated('not-found', message, { about, ...(missing === undefined ? {} : { missing }) });
}

function failureOf(error: unknown): LocateFailure {
  if (error instanceof NotLocated) return error.failure;
  if (error instanceof CallFailed) {
    const { reason, message, action } = error;
    return reason === 'denied' ? { reason, message: refusalSaid(error), action } : { reason, message };
  }
  return { reason: 'failed', message: error instanceof Error ? error.message : String(error) };
}

/** DNS names know no case; `dualstack.` is the same load balancer, and a trailing dot the same name. */
function hostOf(dnsName: string): string {
  return dnsName
    .toLowerCase()
    .replace(/^dualstack\./, '')
    .replace(/\.$/, '');
}

/** The name within an ARN of a target group or alarm; anything else is a name already. */
function nameIn(text: string): string {
  const resource = arnIn(text)?.resource ?? text;
  return resource.startsWith('alarm:') ? resource.slice('alarm:'.length) : (resource.split('/')[1] ?? resource);
}

/** What the event said comes first: it is of then, the alarm as described is of now. */
function triggerWith(trigger: Trigger, facts: Partial<Trigger>, at: string): Trigger {
  const same = trigger.alarmName === undefined || trigger.alarmName === facts.alarmName;
  return { ...(same ? facts : {}), ...trigger, at: trigger.at ?? at };
}
