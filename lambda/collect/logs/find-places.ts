import type { Delivery, DeliverySource } from '@aws-sdk/client-cloudwatch-logs';
import { LOG_KINDS } from '../../incident/evidence/log-places.ts';
import { sortedBy } from '../../incident/evidence/order.ts';
import type { Attributes, LogFormat, LogKind, LogPlace, LogPlaces } from '../../incident/evidence.ts';
import { inTable } from '../../incident/in-table.ts';
import { type Gap, type Observed, seen } from '../../incident/observed.ts';
import type { Question, Subject } from '../../incident/question.ts';
import type { Aws } from '../aws.ts';
import { CallFailed, gapOf } from '../errors.ts';
import { describeDeliveries, describeDeliverySources, getDeliveryDestination } from '../services/cloudwatch-logs.ts';

const ATTRIBUTE: Readonly<Record<LogKind, string>> = {
  access: 'access_logs',
  connection: 'connection_logs',
  healthCheck: 'health_check_logs',
};
const VENDED: Readonly<Record<string, LogKind>> = {
  ALB_ACCESS_LOGS: 'access',
  ALB_CONNECTION_LOGS: 'connection',
  ALB_HEALTH_CHECK_LOGS: 'healthCheck',
};

/** Without these a line of the log says little of what went wrong. */
const ASKED_FOR: Readonly<Record<LogKind, readonly string[]>> = {
  access: [
    ...['elb', 'elb_status_code', 'target_status_code', 'target_port', 'error_reason', 'request_creation_time'],
    ...['request_processing_time', 'target_processing_time', 'response_processing_time', 'time'],
  ],
  connection: ['timestamp', 'listener_port', 'tls_verify_status', 'elb'],
  healthCheck: ['time', 'target_addr', 'target_group_id', 'status', 'reason_code', 'elb'],
};

/**
 * Where the logs go, by both systems that write them: the load balancer's attributes, and deliveries of CloudWatch Logs. What
 * one of them calls off may be on in the other.
 */
export async function findPlaces(
  question: Question,
  attributes: Observed<Attributes>,
  aws: Aws,
): Promise<Observed<LogPlaces>> {
  const { subject, beyond } = question;
  const own = attributes.seen ? LOG_KINDS.flatMap((log) => placeByAttributes(attributes.value, log) ?? []) : [];
  const { places: vended, gaps } = await vendedPlaces(subject, aws);
  const found = [...vended, ...own];
  const settings = beyond?.logs?.places ?? [];
  const named = settings.flatMap((setting) => {
    const known = found.filter(({ place }) => place === setting);
    return known.length > 0 ? known : placesNamed(setting);
  });
  // What somebody names is read first: there, permissions are.
  const places = [...named, ...found.filter((one) => !named.includes(one))];
  const isOff = (log: LogKind): boolean => attributes.seen && !own.concat(vended).some((place) => place.log === log);
  const unknown: readonly Gap[] = attributes.seen
    ? gaps
    : [...gaps, { why: attributes.why, detail: attributes.detail, ...actionOf(attributes) }];
  return seen({ places, off: LOG_KINDS.filter(isOff) }, unknown);
}

function actionOf({ action }: { readonly action?: string }): { readonly action?: string } {
  return action === undefined ? {} : { action };
}

/** A setting says where, and not which of the logs: any of them may be there. */
function placesNamed(place: string): readonly LogPlace[] {
  const kind = place.startsWith('s3://') ? ('bucket' as const) : ('logGroup' as const);
  return LOG_KINDS.map((log) => ({ log, kind, place, said: 'setting', format: null, accountId: null, lacks: [] }));
}

function placeByAttributes(attributes: Attributes, log: LogKind): LogPlace | null {
  const value = (name: string): string => attributes[`${ATTRIBUTE[log]}.s3.${name}`] ?? '';
  if (value('enabled') !== 'true' || value('bucket') === '') return null;
  const prefix = value('prefix').replace(/^\/+|\/+$/g, '');
  const place = `s3://${value('bucket')}${prefix === '' ? '' : `/${prefix}`}`;
  return { log, kind: 'bucket', place, said: 'attribute', format: 'text', accountId: null, lacks: [] };
}

// --- deliveries

interface Found {
  readonly places: readonly LogPlace[];
  readonly gaps: readonly Gap[];
}

async function vendedPlaces(subject: Subject, aws: Aws): Promise<Found> {
  try {
    const sources = await aws.pages(
      describeDeliverySources,
      { resourceArns: [subject.arn] },
      ({ deliverySources }) => deliverySources,
    );
    // An older service takes no filter, and tells of all.
    const ours = sources.items.filter(
      ({ resourceArns = [], logType = '' }) =>
        resourceArns.includes(subject.arn) && inTable(VENDED, logType) !== undefined,
    );
    if (ours.length === 0) return { places: [], gaps: sources.gaps };
    const names = ours.flatMap(({ name }) => name ?? []);
    const deliveries = await aws.pages(
      describeDeliveries,
      { deliverySourceNames: names },
      (answer) => answer.deliveries,
    );
    const own = sortedBy(
      deliveries.items.filter(({ deliverySourceName = '' }) => names.includes(deliverySourceName)),
      // A log group is sooner there than a file.
      ({ deliveryDestinationType, id }) => [deliveryDestinationType, id],
    );
    const found = await Promise.all(own.map((delivery) => placeOfDelivery(delivery, ours, subject, aws)));
    return {
      places: found.map(({ place }) => place),
      gaps: [...sources.gaps, ...deliveries.gaps, ...found.flatMap(({ gap }) => gap ?? [])],
    };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    return { places: [], gaps: [gapOf(error)] };
  }
}

async function placeOfDelivery(
  delivery: Delivery,
  sources: readonly DeliverySource[],
  { accountId }: Subject,
  aws: Aws,
): Promise<{ readonly place: LogPlace; readonly gap?: Gap }> {
  const { deliveryDestinationArn = '', deliveryDestinationType, deliverySourceName, recordFields = [] } = delivery;
  const log = inTable(VENDED, sources.find(({ name }) => name === deliverySourceName)?.logType ?? '') ?? 'access';
  const owner = deliveryDestinationArn.split(':')[4] ?? '';
  const { suffixPath, enableHiveCompatiblePath } = delivery.s3DeliveryConfiguration ?? {};
  const known = {
    log,
    said: 'delivery' as const,
    accountId: owner === '' || owner === accountId ? null : owner,
    lacks: recordFields.length === 0 ? [] : ASKED_FOR[log].filter((field) => !recordFields.includes(field)),
    ...(suffixPath ? { suffixPath } : {}),
    ...(enableHiveCompatiblePath ? { hive: true as const } : {}),
  };
  try {
    const { deliveryDestination } = await aws.ask(getDeliveryDestination, { name: nameIn(deliveryDestinationArn) });
    const arn = deliveryDestination?.deliveryDestinationConfiguration?.destinationResourceArn ?? '';
    return { place: { ...known, ...placeAt(arn), format: formatOf(deliveryDestination?.outputFormat) } };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    const kind =
      deliveryDestinationType === 'CWL' ? 'logGroup' : deliveryDestinationType === 'S3' ? 'bucket' : 'stream';
    return { place: { ...known, kind, place: deliveryDestinationArn, format: null }, gap: gapOf(error) };
  }
}

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}

/** `arn:aws:logs:us-east-1:123456789012:log-group:NAME:*`, `arn:aws:s3:::bucket/prefix`, that of a stream. */
function placeAt(arn: string): Pick<LogPlace, 'kind' | 'place'> {
  const [, group] = /:log-group:([^:]+)/.exec(arn) ?? [];
  if (group !== undefined) return { kind: 'logGroup', place: group };
  const [, bucket] = /^arn:[^:]+:s3:::(.+?)\/?$/.exec(arn) ?? [];
  return bucket === undefined ? { kind: 'stream', place: arn } : { kind: 'bucket', place: `s3://${bucket}` };
}

const FORMATS: readonly LogFormat[] = ['json', 'plain', 'w3c', 'parquet', 'raw'];

function formatOf(written: string | undefined): LogFormat {
  return FORMATS.find((format) => format === written) ?? null;
}
