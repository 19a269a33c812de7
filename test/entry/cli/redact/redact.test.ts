import { describe, expect, test } from 'vitest';
import { redact } from '../../../../lambda/entry/cli/redact/redact.ts';
import { snapshotText } from '../../../../lambda/entry/cli/saved-snapshot.ts';
import { snapshotDiagnosis } from '../../../../lambda/entry/cli/snapshot-diagnosis.ts';
import { failedIfUnseen } from '../../../../lambda/entry/failed-diagnosis.ts';
import type { Diagnosis } from '../../../../lambda/incident/diagnosis.ts';
import type { Snapshot } from '../../../../lambda/incident/snapshot.ts';
import { chatCard } from '../../../../lambda/render/chat.ts';
import { renderEmail } from '../../../../lambda/render/email.ts';
import { renderHtml } from '../../../../lambda/render/html/html.ts';
import { renderJson } from '../../../../lambda/render/json.ts';
import { renderMarkdown } from '../../../../lambda/render/markdown.ts';
import { renderOneLine } from '../../../../lambda/render/one-line.ts';
import { renderSms } from '../../../../lambda/render/sms.ts';
import { renderTerminal } from '../../../../lambda/render/terminal.ts';
import { diagnosisOf, recordedIncidents } from '../../../support/incidents.ts';
import { identifiersIn } from './identifiers.ts';

const recorded = recordedIncidents();

/** What is concluded, without names. */
function judged({ kind, verdict, findings, coverage, ruledOut, undetermined, episode, symptoms }: Diagnosis) {
  return {
    kind,
    status: verdict.status,
    cause: verdict.cause,
    findings: findings.map(({ cause, strength, share, explains, waiting, symptomOf, since, affected }) => ({
      ...{ cause, strength, share, explains, waiting, symptomOf, since },
      groups: affected.targetGroups.length,
      targets: affected.targets.length,
    })),
    coverage,
    ruledOut: ruledOut.map(({ cause }) => cause),
    undetermined: undetermined.map(({ cause }) => cause),
    episode: episode && { onset: episode.onset, end: episode.end, errors: episode.errors },
    symptoms,
  };
}

function forms(snapshot: Snapshot, diagnosis: Diagnosis): Readonly<Record<string, string>> {
  return {
    snapshot: snapshotText(snapshot),
    json: JSON.stringify(renderJson(diagnosis), null, 1),
    mail: renderEmail(diagnosis),
    text: renderTerminal(diagnosis, { colour: false, verbose: true }),
    markdown: renderMarkdown(diagnosis, { verbose: true }),
    card: JSON.stringify(chatCard(diagnosis), null, 1),
    page: renderHtml(diagnosis).replace(/<style>.*?<\/style>/s, ''),
    line: renderOneLine(diagnosis),
    sms: renderSms(diagnosis),
  };
}

test('there are enough recorded incidents to tell', () => expect(recorded.length).toBeGreaterThanOrEqual(50));

describe.each(recorded)('$name', ({ snapshot }) => {
  const redacted = redact(snapshot);
  const diagnosis = snapshotDiagnosis(redacted.snapshot);

  test('is judged as before', () => {
    expect(judged(diagnosis)).toEqual(judged(failedIfUnseen(diagnosisOf(snapshot), snapshot)));
  });

  test('says that it is masked, and what its commands hold', () => {
    const { snapshot: _, json, line: __, sms: ___, ...told } = forms(redacted.snapshot, diagnosis);
    expect(JSON.parse(json ?? '').redacted).toBe(true);
    for (const text of Object.values(told)) {
      expect(text.replace(/\s+/g, ' ')).toContain(
        'Masked by --redact: names, ids and addresses are invented, in commands too.',
      );
    }
    expect(renderEmail(snapshotDiagnosis(snapshot))).not.toContain('Masked');
  });

  test('names nothing of the original in any form', () => {
    const written = Object.entries(forms(redacted.snapshot, diagnosis));
    const names = identifiersIn(snapshot);
    const told = written.flatMap(([form, text]) =>
      names.filter((name) => name.standsIn(text, form)).map(({ word }) => `${form}: ${word}`),
    );
    expect(told).toEqual([]);
  });
});
