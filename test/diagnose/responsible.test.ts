import { expect, test } from 'vitest';
import { responsible } from '../../lambda/diagnose/responsible.ts';
import type { Triggered } from '../../lambda/incident/diagnosis.ts';

const alarm = (more: Partial<Triggered> = {}): Triggered => ({ kind: 'alarm', at: null, ...more });
const tag = (key: string, value: string) => ({ key, value });

test.each<[string, ReturnType<typeof tag>[], Partial<Triggered>, object]>([
  ['nobody says', [tag('env', 'prod')], {}, {}],
  ['the owner stands above the team', [tag('Team', 'shop'), tag('Owner', 'ann')], {}, { owner: 'ann' }],
  ["the alarm's tags, where the load balancer has none", [], { tags: [tag('team', 'ops')] }, { owner: 'ops' }],
  ['the runbook by its tag', [tag('runbook', 'https://a.test/1')], {}, { runbook: 'https://a.test/1' }],
  [
    'the runbook by the description, less the full stop of its sentence',
    [],
    { alarmDescription: 'The shop is down.\nRunbook: https://a.test/5xx?a=b#c.' },
    { runbook: 'https://a.test/5xx?a=b#c' },
  ],
  ['an address that nobody calls a runbook', [], { alarmDescription: 'See https://a.test/graph' }, {}],
])('%s', (_, tags, trigger, says) => expect(responsible(tags, alarm(trigger))).toEqual(says));
