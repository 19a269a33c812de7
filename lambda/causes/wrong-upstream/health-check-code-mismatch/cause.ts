import type { Errors } from '../../../computed/errors.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, asQuoted, code, resource, type Text, text } from '../../../incident/text.ts';
import { healthPath } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { rollout, settingChange } from '../../../semantics/changes/change-kinds.ts';
import { type Probe, probesOf } from '../../../semantics/targets/application-checks.ts';
import { type CodeMismatch, errorsIn, mismatchIn } from '../../../semantics/targets/code-mismatch.ts';
import { unhealthySince } from '../../../semantics/targets/health-history.ts';
import { scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { defineCause, type Found, foundOr } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { probesSaid } from '../../kit/probe-words.ts';
import { othersSaid } from '../../kit/target-words.ts';
import { checkFixes } from './check-fixes.ts';
import { meaningOf } from './code-meaning.ts';
import { type Dated, datedBy } from './failing-since.ts';
import { mismatchBefore } from './mismatch-before.ts';

export default defineCause({
  id: 'health-check-code-mismatch',
  needs: ['targetHealth', 'targetGroups'],
  uses: ['errors', 'targetGroupMetrics', 'tags', 'applicationStatus', 'takenTargets'],
  breaksHealthChecks: true,
  causes: ['no-registered-targets'],
  madeBy: [settingChange(/^healthCheck(Path|Port|Protocol)$/, /^matcher$/)],
  setOffBy: [rollout],
  fromHealthChecks: true,
  inCluster: { see: ['restarts'] },

  examine(
    { targetHealth, targetGroups, errors, targetGroupMetrics, tags, applicationStatus, takenTargets },
    { window },
  ) {
    const fixesOf = (mismatch: CodeMismatch) =>
      checkFixes(mismatch, {
        ...{ groups: targetGroups, targets: targetHealth, from: window.from },
        tags: ifSeen(tags)?.[mismatch.group.arn],
      });
    const findings = targetGroups
      .map((group) => mismatchIn(group, targetsOf(targetHealth, group.arn)))
      .filter(({ failing }) => failing.length > 0)
      .map((mismatch): Finding => {
        const { group, failing } = mismatch;
        const failed = unhealthySince(ifSeen(targetGroupMetrics), group.arn);
        const dated = failed === undefined ? undefined : datedBy(failed, group, ifSeen(targetGroupMetrics)?.grid.from);
        const probes = probesOf(failing, ifSeen(applicationStatus) ?? []);
        return { ...findingOf(mismatch, dated, errors, probes), fixes: fixesOf(mismatch) };
      });
    const before = targetGroups
      .filter(({ arn }) => !findings.some(({ affects }) => affects.targetGroups.includes(arn)))
      .flatMap((group) => {
        const mismatch = mismatchIn(
          group,
          (takenTargets ?? []).filter(({ targetGroup }) => targetGroup === group.arn),
        );
        const found = mismatchBefore(mismatch, errors, ifSeen(targetGroupMetrics));
        return found ? [{ ...found, fixes: fixesOf(mismatch) }] : [];
      });
    return foundOr([...findings, ...before], text`no health check gets a code outside its matcher`);
  },
});

type Finding = Found<
  'targetHealth',
  'targetHealth' | 'targetGroups' | 'targetGroupMetrics' | 'loadBalancerMetrics' | 'applicationStatus'
>;

function whom(failing: number, all: number): Text {
  if (failing < all) return text`${failing} of ${all} targets`;
  return all === 1 ? text`its target` : text`every target`;
}

function findingOf(
  { group, targets, failing, codes, failsToo }: CodeMismatch,
  dated: Dated | undefined,
  errors: Errors | undefined,
  probes: readonly Probe[],
): Omit<Finding, 'fixes'> {
  const explained = errors === undefined ? 0 : errorsIn(errors, failsToo);
  // A few that fail get no requests: only when they began to fail tells whether they have to do with the errors.
  const beside = dated === undefined && 2 * failing.length < targets.length;
  const all = failing.length === targets.length;
  const { path, matcher } = group.healthCheck;
  const answer = codes.length === 0 ? text`another code` : andList(codes.map(code));
  const [first, ...more] = failing;
  return {
    strength: explained > 0 && !beside ? 'decisive' : 'circumstantial',
    says: text`The health check of ${resource(group.name)} expects ${code(matcher ?? '200')} from ${code(path ?? '/')} and gets ${answer} from ${whom(failing.length, targets.length)}`,
    since: dated?.since,
    because: [
      cite.targetHealth`${resource(first?.id ?? '')}: ${code('Target.ResponseCodeMismatch')}, ${first?.description ? asQuoted(first.description) : 'no description'}${othersSaid(more.length)}`,
      cite.targetGroups`its matcher accepts only ${code(matcher ?? '200')}`,
      ...codes.map((status) => meaningOf(status, group)),
      dated?.shows,
      // Targets that all fail their checks serve: what the check alone makes is no error.
      explained > 0 &&
        !failsToo &&
        all &&
        cite.targetHealth`all targets fail alike, so all of them get requests: the errors fit targets that are replaced or restarted for failing this check`,
      ...probesSaid(probes),
      errors !== undefined &&
        explained === 0 &&
        cite.loadBalancerMetrics`requests are still answered: it explains no errors`,
    ],
    affects: scopeOf(failing),
    explains: failsToo ? ['502', '503', 'target5xx'] : ['502', '503'],
    serves: true,
    mendsInCluster: codes.some((status) => status < 500) ? [healthPath] : [],
    facts: { targetGroup: group.arn, path, matcher, codes, failing: failing.length, targets: targets.length },
  };
}
