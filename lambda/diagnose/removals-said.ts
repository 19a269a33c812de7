import type { Candidate } from '../causes/cause.ts';
import { andList, code, count, resource, type Text, text } from '../incident/text.ts';
import type { Removals } from '../semantics/targets/removals.ts';
import { groupName } from '../semantics/targets/targets.ts';
import { type ExplainedShare, OF_REMOVAL } from './share.ts';

/** A finding with what it explains besides, and the proof of that: the targets that were taken away for it. */
export function withRemovals(found: Candidate, removals: NonNullable<ExplainedShare['removals']>): Candidate {
  const said = removals.map(({ removals: one, errors }) => ({
    from: one.from,
    shows: removalSaid(one, errors),
    at: one.at,
  }));
  const [first, ...rest] = found.because;
  return { ...found, explains: [...new Set([...found.explains, ...OF_REMOVAL])], because: [first, ...rest, ...said] };
}

function removalSaid({ of, count: gone, from, failedIn, targetGroups, minutes }: Removals, errors: number): Text {
  const others = targetGroups.filter((arn) => !failedIn.includes(arn));
  const asWell = others.length === 0 ? text`` : text`, and out of ${names(others)} as well`;
  // Auto Scaling does not say whose checks they were.
  const where =
    from === 'autoScalingGroups' ? text`, out of ${names(targetGroups)}` : text` in ${names(failedIn)}${asWell}`;
  const fell = text`${count(errors, 'request')} answered ${code('502')} or ${code('503')} in the ${count(minutes.size, 'minute')} beside that in which others were not seen healthy throughout`;
  return text`${count(gone, 'target')} of ${resource(of)} taken away for failed health checks${where}: ${fell}`;
}

const names = (arns: readonly string[]): Text => andList(arns.map((arn) => resource(groupName(arn))));
