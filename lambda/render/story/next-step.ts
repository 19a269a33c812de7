import type { Diagnosis, Missing } from '../../incident/diagnosis.ts';
import { text, time, words } from '../../incident/text.ts';
import { type Block, command, paragraph } from './block.ts';
import { allow } from './coverage.ts';
import { total } from './extent.ts';

/** What to do where no cause is found: nobody is left without a next step. */
export function nextStep(diagnosis: Diagnosis): readonly Block[] {
  const { kind, verdict, episode, findings, coverage, symptoms } = diagnosis;
  if (kind === 'failed' || (verdict.cause !== null && findings[0]?.fixes.length !== 0)) return [];
  const isOver = episode === null || episode.end !== null;
  if (verdict.status === 'quiet') return findings.length === 0 ? whileItLasts(diagnosis) : [];
  if (coverage.denied.length > 0) return [...allow(diagnosis), ...again(diagnosis, THEN_AGAIN)];
  if (unanswered(diagnosis).length > 0) return again(diagnosis, NOT_ANSWERED);
  if (isOver || total(symptoms) === null) return whileItLasts(diagnosis);
  return [
    paragraph(text`Next: read the application's own log from ${time(episode.onset)} on; AWS shows nothing more.`),
  ];
}

const THEN_AGAIN = 'Then ask again about the same time:';
const NOT_ANSWERED = 'Some calls to AWS failed. To ask again about the same time:';

function again({ loadBalancer: { name, region }, window }: Diagnosis, says: typeof THEN_AGAIN | typeof NOT_ANSWERED) {
  const place = region === null ? [] : ['--region', region];
  return [paragraph(words(says)), command(['alb-triage', name, '--at', window.to, ...place])];
}

function whileItLasts({ loadBalancer: { name, region } }: Diagnosis): readonly Block[] {
  const place = region === null ? [] : ['--region', region];
  return [
    paragraph(words('If it happens again, run this while it lasts, to save what AWS shows:')),
    command(['alb-triage', name, ...place, '--save', 'incident.json']),
  ];
}

function unanswered({ undetermined }: Diagnosis): readonly Missing[] {
  return undetermined.flatMap(({ missing }) =>
    missing.filter(({ why }) => why === 'throttled' || why === 'timed-out' || why === 'failed'),
  );
}
