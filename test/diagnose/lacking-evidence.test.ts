import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { EvidenceKey } from '../../lambda/incident/evidence.ts';
import { unseen } from '../../lambda/incident/observed.ts';
import type { Snapshot } from '../../lambda/incident/snapshot.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { recordedIncidents } from '../support/incidents.ts';

/** As of an older snapshot, or where one call was refused: judged for some of the evidence of every recorded incident. */
const EVERY = 13;

/** Chosen by the name, so that another incident changes nothing for this one. */
function someOf(name: string, keys: readonly EvidenceKey[]): readonly EvidenceKey[] {
  const offset = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return keys.filter((_, index) => index % EVERY === offset % EVERY);
}

function without(snapshot: Snapshot, key: EvidenceKey): Snapshot {
  const evidence = { ...snapshot.evidence, [key]: unseen('not-asked', 'this snapshot was saved before it was read') };
  return { ...snapshot, evidence };
}

describe.each(recordedIncidents())('$name', ({ name, snapshot, expected }) => {
  // `Object.keys` forgets what `Record` knows.
  const keys = Object.keys(snapshot.evidence) as EvidenceKey[];
  test.each(someOf(name, keys))('without %s it is told, and no red herring is called the cause', (key) => {
    const diagnosis = diagnose(without(snapshot, key), CAUSES);
    expect(diagnosis.broken).toEqual([]);
    expect(renderEmail(diagnosis)).not.toMatch(/undefined|\bnull\b|NaN|\[object/);
    const { status, cause } = diagnosis.verdict;
    if (status === 'identified') expect(expected.never).not.toContain(cause);
  });
});
