import type { LogKind, LogPlace } from '../../incident/evidence.ts';
import type { Unseen } from '../../incident/observed.ts';
import type { Subject } from '../../incident/question.ts';
import type { CallFailed } from '../errors.ts';
import { bucketOf } from './bucket/log-keys.ts';

/** What stands between a log and its reader, told as what it is, and what removes it. */

const NAMES: Readonly<Record<LogKind, string>> = {
  access: 'access logs',
  connection: 'connection logs',
  healthCheck: 'health check logs',
};
const ATTRIBUTES: Readonly<Record<LogKind, string>> = {
  access: 'access_logs',
  connection: 'connection_logs',
  healthCheck: 'health_check_logs',
};

/** Why nobody here reads what goes there; `null` where it is read. */
export function whyNotRead({ kind, place, format, accountId }: LogPlace): string | null {
  if (kind === 'stream') return `it goes to ${place}, which cannot be read from here: only buckets and log groups are`;
  if (format === 'parquet') return `it goes to ${place} as Parquet, which is not read here: Athena reads it`;
  if (format === 'raw') return `it goes to ${place} in raw form, which is not read here`;
  if (place.startsWith('arn:') && kind === 'bucket') {
    return `it goes to ${place}${accountId === null ? '' : ` in account ${accountId}`}, which does not say where that is`;
  }
  return null;
}

/** A call to S3 that was refused, in words that say whose refusal it may be. */
export function bucketObstacle(
  { why, reason, message, code, action }: CallFailed,
  { place, accountId }: LogPlace,
  { accountId: own }: Subject,
): Omit<Unseen, 'seen' | 'source'> {
  const { bucket } = bucketOf(place);
  if (code === 'NoSuchBucket') return { why, detail: `there is no bucket ${bucket}`, action };
  if (code === 'PermanentRedirect') return { why, detail: `the bucket ${bucket} is in another Region`, action };
  if (reason !== 'denied') return { why, detail: `${message}: ${place}`, action };
  const owner = accountId === null || accountId === own ? 'another account' : `account ${accountId}`;
  const statement = `\`alb-triage policy --with logs=${place}\` prints the statement to add`;
  return {
    why,
    detail: `${message} for ${place}: ${statement}; where the bucket belongs to ${owner}, its own policy has to allow it, too`,
    action,
  };
}

/** They are off: what turns them on. */
export function turnOn(log: LogKind, { arn }: Subject): string {
  const name = ATTRIBUTES[log];
  const values = `Key=${name}.s3.enabled,Value=true Key=${name}.s3.bucket,Value=BUCKET`;
  return `${NAMES[log]} are off: \`aws elbv2 modify-load-balancer-attributes --load-balancer-arn ${arn} --attributes ${values}\` turns them on, for a bucket whose policy lets the load balancer write`;
}
