import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { CauseId } from '../../lambda/incident/cause.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import { EVIDENCE } from '../../lambda/incident/evidence/table.ts';
import type { EvidenceKey } from '../../lambda/incident/evidence.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { diagnosisOf, type RecordedIncident } from '../support/incidents.ts';
import type { Loss } from './losses.ts';

/** What state proves stays proved where nobody counted: only, nobody knows whether it made the errors, and that is said. */
function isProvedUncounted({ findings, verdict }: Diagnosis, { of, keys }: Loss, cause: CauseId): boolean {
  if (!keys.includes('loadBalancerMetrics') || of.startsWith('loadBalancerMetrics of ')) return false;
  const own = findings.filter((one) => one.cause === cause);
  return verdict.status !== 'identified' && own.every(({ strength, share }) => strength !== 'strong' && share === null);
}

/** What a loss must never do to what is told of an incident; each in a line. */
export function wrongsOf({ snapshot, expected }: RecordedIncident, loss: Loss): readonly string[] {
  const whole = diagnosisOf(snapshot);
  const lossy = diagnose(loss.snapshot, CAUSES);
  const first = whole.verdict.cause;
  const truth = expected.causes ?? (first !== null && expected.cause.includes(first) ? [first] : []);
  const before = strongIn(whole);
  const found = new Set(whole.findings.map(({ cause }) => cause));
  const { status, cause } = lossy.verdict;
  const denied = (denials: Diagnosis['ruledOut']) =>
    denials.map(({ cause }) => cause).filter((cause) => truth.includes(cause));
  const undetermined = lossy.undetermined.filter(({ cause }) => truth.includes(cause));
  return [
    ...denied(lossy.ruledOut).map((cause) => `ruled out: ${cause}`),
    ...denied(lossy.notApplicable).map((cause) => `not applicable: ${cause}`),
    ...strongIn(lossy)
      .filter((one) => !found.has(one) && !isProvedUncounted(lossy, loss, one))
      .map((one) => `new: ${one}`),
    ...(status === 'identified' && cause !== null && !before.includes(cause) ? [`stronger: ${cause}`] : []),
    ...undetermined.flatMap(({ cause, missing }) =>
      missing.some(({ evidence }) => loss.keys.includes(evidence))
        ? []
        : [`undetermined, for another reason: ${cause}: ${missing.map(({ evidence }) => evidence).join(' ')}`],
    ),
    ...untold(whole, lossy, loss),
    ...lossy.broken.map(({ cause, error }) => `broken: ${cause}: ${error}`),
  ];
}

/** What tells more of a cause that spoke, and was lost as a whole: whoever reads must not think that it was looked at. */
function untold(whole: Diagnosis, lossy: Diagnosis, { of, keys }: Loss): readonly string[] {
  const used = keys.filter(
    (key) =>
      !of.startsWith(`${key} of `) &&
      CAUSES.some(({ id, uses }) => uses.includes(key) && whole.findings.some(({ cause }) => cause === id)),
  );
  if (used.length === 0) return [];
  const mail = renderEmail(lossy).replace(/\s+/g, ' ').toLowerCase();
  // A permission that shows several of them is named once.
  const isTold = (key: EvidenceKey) =>
    mail.includes(EVIDENCE[key].name.toLowerCase()) || (of !== key && mail.includes(of.toLowerCase()));
  return used.filter((key) => !isTold(key)).map((key) => `told nowhere: ${key}`);
}

function strongIn({ findings }: Diagnosis): readonly CauseId[] {
  return [...new Set(findings.flatMap(({ cause, strength }) => (strength === 'circumstantial' ? [] : cause)))];
}
