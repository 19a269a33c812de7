import type { Diagnosis, Report } from '../incident/diagnosis.ts';
import type { Citation, Finding, Fix } from '../incident/finding.ts';
import type { Text } from '../incident/text.ts';
import { inOrderOfTime } from './proof-order.ts';

/** The same object with its words as strings, field by field in the order in which a person would read it. */
export function renderJson(diagnosis: Diagnosis): Report {
  const {
    supersedes,
    changed,
    sameFault,
    durationSeconds,
    error,
    refused,
    names,
    foundWithout,
    settings,
    truncated,
    advice,
  } = diagnosis;
  return {
    schemaVersion: diagnosis.schemaVersion,
    tool: diagnosis.tool,
    kind: diagnosis.kind,
    ...(supersedes === undefined ? {} : { supersedes }),
    ...(changed === undefined ? {} : { changed }),
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(error === undefined ? {} : { error }),
    collectedAt: diagnosis.collectedAt,
    incidentKey: diagnosis.incidentKey,
    incidentId: diagnosis.incidentId,
    fingerprint: diagnosis.fingerprint,
    loadBalancer: diagnosis.loadBalancer,
    trigger: diagnosis.trigger,
    window: diagnosis.window,
    episode: diagnosis.episode,
    symptoms: diagnosis.symptoms,
    ...(refused === undefined ? {} : { refused }),
    verdict: {
      status: diagnosis.verdict.status,
      cause: diagnosis.verdict.cause,
      headline: asString(diagnosis.verdict.headline),
    },
    findings: diagnosis.findings.map(findingInStrings),
    changes: diagnosis.changes,
    ...(diagnosis.recurrence === undefined ? {} : { recurrence: diagnosis.recurrence }),
    ...(sameFault === undefined ? {} : { sameFault }),
    ...(diagnosis.redacted === undefined ? {} : { redacted: diagnosis.redacted }),
    ...(diagnosis.changesUnseen === undefined ? {} : { changesUnseen: diagnosis.changesUnseen }),
    ...(names === undefined ? {} : { names }),
    timeline: diagnosis.timeline.map(({ at, kind, what }) => ({ at, kind, what: asString(what) })),
    circumstances: diagnosis.circumstances.map(citationInStrings),
    ...(advice === undefined ? {} : { advice: asString(advice) }),
    ruledOut: diagnosis.ruledOut.map(({ cause, because }) => ({ cause, because: asString(because) })),
    notApplicable: diagnosis.notApplicable.map(({ cause, because }) => ({ cause, because: asString(because) })),
    undetermined: diagnosis.undetermined,
    ...(foundWithout === undefined ? {} : { foundWithout }),
    broken: diagnosis.broken,
    coverage: diagnosis.coverage,
    links: diagnosis.links,
    cost: diagnosis.cost,
    ...(settings === undefined ? {} : { settings }),
    ...(truncated === undefined ? {} : { truncated }),
  };
}

/** Without mark-up; times stay ISO 8601, so that nothing depends on the reader's day. */
export function asString(text: Text): string {
  return text.map((part) => (part.kind === 'time' ? part.at : part.text)).join('');
}

function findingInStrings(finding: Finding<Text>): Finding<string> {
  const { since, older, change, symptomOf, effect, usual, attribution, waiting, blocks, capped } = finding;
  return {
    cause: finding.cause,
    category: finding.category,
    strength: finding.strength,
    headline: asString(finding.headline),
    ...(since === undefined ? {} : { since }),
    ...(older === undefined ? {} : { older }),
    because: inOrderOfTime(finding.because).map(citationInStrings),
    ...(change === undefined ? {} : { change }),
    affected: finding.affected,
    explains: finding.explains,
    ...(symptomOf === undefined ? {} : { symptomOf }),
    share: finding.share,
    ...(effect === undefined ? {} : { effect }),
    ...(usual === undefined ? {} : { usual }),
    ...(attribution === undefined ? {} : { attribution }),
    ...(waiting === undefined ? {} : { waiting }),
    ...(blocks === undefined ? {} : { blocks }),
    fixes: finding.fixes.map(fixInStrings),
    facts: finding.facts,
    ...(capped === undefined ? {} : { capped }),
  };
}

function citationInStrings({ from, shows, at }: Citation<Text>): Citation<string> {
  return { from, shows: asString(shows), ...(at === undefined ? {} : { at }) };
}

function fixInStrings(fix: Fix<Text>): Fix<string> {
  const { step, run, inSession, changes, undo, verify, managedBy } = fix;
  return {
    does: asString(fix.does),
    ...(step === undefined ? {} : { step }),
    run,
    ...(inSession === undefined ? {} : { inSession }),
    changes,
    undo,
    verify,
    ...(managedBy === undefined ? {} : { managedBy }),
  };
}
