import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { logPermissions } from '../../lambda/collect/logs/log-permissions.ts';
import { isLogPlace, parseLogPlace } from '../../lambda/intake/log-places.ts';

/** Where load balancers write their logs. */
export type LogSource =
  | {
      readonly bucket: string;
      readonly prefix?: string | undefined;
      /** Whose bucket it is, where that is another account: its own policy has to admit the function, too. */
      readonly accountId?: string | undefined;
      /** That encrypts it, where one of KMS does: of logs that CloudWatch delivers. */
      readonly key?: Pick<IKey, 'keyArn'> | undefined;
    }
  | { readonly logGroup: string };

/** Of `-c logs`. */
export const LOG_PLACES =
  's3://bucket/prefix or the name of a log group (aws elbv2 describe-load-balancer-attributes --load-balancer-arn <arn> shows the bucket)';
export const LOG_SOURCES = '{bucket, prefix?} or {logGroup}, one or several';

/** As TRIAGE_LOGS takes it. */
export function logPlaceOf(source: LogSource): string {
  if ('logGroup' in source) return source.logGroup;
  return `s3://${source.bucket}${source.prefix ? `/${source.prefix}` : ''}`;
}

export function isLogSources(sources: unknown): boolean {
  return Array.isArray(sources) && sources.length > 0 && sources.every(isLogSource);
}

function isLogSource(source: unknown): boolean {
  if (typeof source !== 'object' || source === null || !('bucket' in source || 'logGroup' in source)) return false;
  return isLogPlace(logPlaceOf(source as LogSource));
}

/** `s3://bucket/prefix` or the name of a log group; `undefined` of what is neither. */
export function logSourceAt(place: string): LogSource | undefined {
  if (!isLogPlace(place)) return undefined;
  const [, bucket, prefix] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(parseLogPlace(place)) ?? [];
  return bucket === undefined ? { logGroup: place } : { bucket, prefix };
}

/** What reading them takes, there and nowhere else. */
export function logStatements(sources: readonly LogSource[] = []): readonly PolicyStatement[] {
  if (sources.length === 0) return [];
  const keys = sources.flatMap((source) => ('key' in source && source.key !== undefined ? [source.key.keyArn] : []));
  const owners = new Map(
    sources.flatMap((source) => ('bucket' in source && source.accountId ? [[source.bucket, source.accountId]] : [])),
  );
  return [
    ...logPermissions({ places: sources.map(logPlaceOf) }).map(({ actions, resource, condition = {} }) => {
      const owner = owners.get(/^arn:\*:s3:::([^/]+)/.exec(resource)?.[1] ?? '');
      const ofOwner = owner === undefined ? {} : { StringEquals: { 'aws:ResourceAccount': owner } };
      return new PolicyStatement({
        actions: [...actions],
        resources: [resource],
        conditions: { ...condition, ...ofOwner },
      });
    }),
    ...(keys.length === 0 ? [] : [new PolicyStatement({ actions: ['kms:Decrypt'], resources: [...new Set(keys)] })]),
  ];
}
