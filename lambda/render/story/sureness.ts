import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Finding } from '../../incident/finding.ts';
import { andList, code, count, type Text, text, verbatim, words } from '../../incident/text.ts';
import { coverageLine } from './coverage.ts';
import { isOwnFault, otherCausesBriefly } from './other-causes.ts';
import { ofErrors, sentence, shareSaid, withFullStop } from './phrases.ts';
import { reasonSaid } from './unseen.ts';

/** How sure, and why. Never more than the evidence says. */
export function sureness(diagnosis: Diagnosis): Text {
  const { verdict, findings } = diagnosis;
  if (verdict.status === 'inconclusive') {
    return text`Inconclusive, no cause ${findings.some(isShut) ? 'of 5xx ' : ''}found: ${coverageLine(diagnosis)}${notJudged(diagnosis)}`;
  }
  const [first] = findings;
  if (first === undefined) return sentence(words(verdict.status));
  const capped = first.capped === undefined ? [] : text` Not stronger: ${withFullStop(verbatim(first.capped))}`;
  if (verdict.status === 'identified') return text`Identified, ${first.strength}: ${proven(first, diagnosis)}${capped}`;
  // The headline says already that it is suspected.
  return text`${sentence(doubt(first, diagnosis))}${capped}`;
}

const NAMES_AT_MOST = 3;

/** A few causes that are left are worth naming: it may be one of them. */
function notJudged({ undetermined }: Diagnosis): Text {
  if (undetermined.length === 0 || undetermined.length > NAMES_AT_MOST) return [];
  return text` Not judged: ${andList(undetermined.map(({ cause }) => code(cause)))}.`;
}

function proven({ strength }: Finding<Text>, diagnosis: Diagnosis): Text {
  if (strength === 'decisive') return text`the state AWS reports proves it.`;
  if (strength === 'circumstantial') return text`it fits what was seen.`;
  // The line after this one tells of the others.
  if (otherCausesBriefly(diagnosis).length > 0) return text`independent signals agree.`;
  const [first] = diagnosis.findings;
  // A second cause, with errors of its own, would not fit instead of the first.
  if (otherCauses(diagnosis).some((one) => one.share !== 0 && !isOwnFault(one, first))) {
    return text`independent signals agree; what else would fit is listed below.`;
  }
  const left = notJudgedCount(diagnosis);
  return left === 0
    ? text`independent signals agree, and the alternatives were ruled out.`
    : text`independent signals agree, but ${count(left, 'other cause')} could not be judged.`;
}

/** Another cause is found or could not be judged. */
function hasRivals(diagnosis: Diagnosis): boolean {
  return notJudgedCount(diagnosis) > 0 || otherCauses(diagnosis).length > 0;
}

const notJudgedCount = ({ undetermined, broken }: Diagnosis): number => undetermined.length + broken.length;

/** Found besides the first, which does not bring them about, and in time to be a cause. */
function otherCauses({ findings: [first, ...others] }: Diagnosis): readonly Finding<Text>[] {
  return others.filter(({ symptomOf, waiting, effect }) => symptomOf !== first?.cause && !waiting && !effect);
}

function doubt(finding: Finding<Text>, diagnosis: Diagnosis): Text {
  const { strength, share } = finding;
  if (strength === 'circumstantial') {
    return hasRivals(diagnosis)
      ? text`it fits what was seen, but other causes may fit too.`
      : text`it fits what was seen, but nothing proves it.`;
  }
  if (share === null)
    return text`the fault is proven; whether it causes the errors could not be seen${errorsRefused(diagnosis)}.`;
  const said = shareSaid(finding, share);
  return text`the fault is proven, but it explains ${share === 0 || said.startsWith('at most') ? '' : 'only '}${said} ${ofErrors(finding)}.`;
}

/** Why nobody saw how many requests failed, where a call for all of it did. */
function errorsRefused({ undetermined }: Diagnosis): Text {
  const refused = undetermined
    .flatMap(({ missing }) => missing)
    .find(({ evidence, ids, why }) => evidence === 'loadBalancerMetrics' && ids === undefined && why !== 'partial');
  return refused?.action === undefined ? [] : text` (${reasonSaid(refused)})`;
}

/** It keeps clients out, and makes no 5xx. */
export function isShut({ strength, explains }: Finding<Text>): boolean {
  return strength !== 'circumstantial' && explains.length === 0;
}
