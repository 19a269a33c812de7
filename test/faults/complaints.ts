import { CAUSES } from '../../lambda/causes/index.ts';
import { COLLECTORS } from '../../lambda/collect/index.ts';
import type { Report } from '../../lambda/incident/diagnosis.ts';

const STRENGTHS: readonly (string | undefined)[] = [undefined, 'circumstantial', 'strong', 'decisive'];
const STATUSES: readonly Report['verdict']['status'][] = ['inconclusive', 'suspected', 'identified'];

const causesIn = (list: readonly { readonly cause: string }[]) => list.map(({ cause }) => cause);

/** What a report says that cannot be known without what was not read; `whole` is the same incident, read without a fault. */
export function overclaims(report: Report, whole: Report): readonly string[] {
  const strengthIn = ({ findings }: Report, cause: string) =>
    STRENGTHS.indexOf(findings.find((each) => each.cause === cause)?.strength);
  const found = report.findings.flatMap(({ cause, strength }) => {
    const before = strengthIn(whole, cause);
    // What is left when a rival cannot be told apart any more may be suspected, and no more.
    return strengthIn(report, cause) > Math.max(before, 1) ? [`${cause} became ${strength}`] : [];
  });
  const out = new Set(causesIn([...whole.ruledOut, ...whole.notApplicable]));
  const denied = causesIn([...report.ruledOut, ...report.notApplicable])
    .filter((cause) => !out.has(cause))
    .map((cause) => `${cause} was denied`);
  const told = new Set(causesIn([...report.findings, ...report.undetermined]));
  const lost = causesIn(whole.findings)
    .filter((cause) => !told.has(cause))
    .map((cause) => `${cause} is lost`);
  const [status, before] = [report, whole].map(({ verdict }) => STATUSES.indexOf(verdict.status));
  const verdict =
    report.kind === 'triage' && (status === -1 || (status ?? 0) > (before ?? 0))
      ? [`the verdict became ${report.verdict.status}`]
      : [];
  return [
    ...found,
    ...denied,
    ...lost,
    ...verdict,
    ...report.broken.map(({ cause, error }) => `${cause} broke: ${error}`),
  ];
}

/** Causes that need what only this call tells, and do not say that they miss it. */
export function untold(report: Report, action: string): readonly string[] {
  const keys = COLLECTORS.filter(({ actions }) => actions[0] === action && actions.length === 1).map(({ key }) => key);
  return CAUSES.filter(({ needs }) => keys.some((key) => needs.some((need) => need === key)))
    .filter(({ id }) => {
      const own = report.undetermined.find(({ cause }) => cause === id);
      return !own?.missing.some((missing) => missing.action === action);
    })
    .map(({ id }) => `${id} does not say that it misses ${action}`);
}

export function differences(report: Report, whole: Report): readonly string[] {
  const judged = ({ kind, findings, ruledOut, notApplicable, undetermined }: Report) => [
    kind,
    ...findings.map(({ cause, strength }) => `${cause} ${strength}`),
    ...causesIn(ruledOut).map((cause) => `${cause} is out`),
    ...causesIn(notApplicable).map((cause) => `${cause} does not apply`),
    ...causesIn(undetermined).map((cause) => `${cause} is undetermined`),
  ];
  const [now, before] = [judged(report), judged(whole)];
  return [
    ...now.filter((each) => !before.includes(each)).map((each) => `new: ${each}`),
    ...before.filter((each) => !now.includes(each)).map((each) => `gone: ${each}`),
  ];
}
