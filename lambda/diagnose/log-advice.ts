import type { Diagnosis } from '../incident/diagnosis.ts';
import { ifSeen } from '../incident/observed.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import { code, text } from '../incident/text.ts';

const ENABLED = 'access_logs.s3.enabled';
const TELLS = text`where each failed request went, and how it ended`;

/** Where the cause is not known for sure, what would tell more, and was not asked for. */
export function logAdvice(
  { evidence, question: { beyond } }: Snapshot,
  status: Diagnosis['verdict']['status'],
): Pick<Diagnosis, 'advice'> {
  if (beyond?.logs !== undefined || (status !== 'suspected' && status !== 'inconclusive')) return {};
  const attributes = ifSeen(evidence.loadBalancerAttributes) ?? {};
  if (attributes[ENABLED] === 'true') {
    const bucket = code(attributes['access_logs.s3.bucket'] ?? '');
    return { advice: text`The access log in bucket ${bucket} was not read: it tells ${TELLS}.` };
  }
  // CloudWatch may deliver one all the same: the attribute says nothing of that.
  const advice = text`No access log goes to a bucket (${code(ENABLED)}): it would tell ${TELLS}.`;
  return attributes[ENABLED] === 'false' ? { advice } : {};
}
