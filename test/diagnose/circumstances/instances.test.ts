import { expect, test } from 'vitest';
import { instanceCircumstances } from '../../../lambda/diagnose/circumstances/instances.ts';
import { always, aSnapshot, denied, type Ill, instanceMetrics, unhealthy } from '../../support/a-snapshot.ts';
import { applicationCheck, bothChecked } from '../../support/application-status.ts';
import { plain } from '../../support/judged.ts';

const told = (ill: Ill) => instanceCircumstances(aSnapshot(ill)).map(({ shows }) => plain(shows));
const failing: Ill = { targetHealth: [unhealthy('i-1', 'Target.FailedHealthChecks')] };
const disk = (percent: number): Ill => ({
  instanceMetrics: instanceMetrics({ 'i-1': { disk_used_percent: always(percent) } }),
});

test.each<[string, Ill, readonly string[]]>([
  ['a disk is full', disk(99.4), ['a disk of i-1 is full: 99.4 %']],
  ['a disk is nearly full', disk(97.9), []],
  [
    'connections are made, and break',
    { ...failing, ...bothChecked(applicationCheck('ConnectionReset')) },
    ["EC2's own check of i-1 on port `8080` (`/`): `ConnectionReset` since 14:22"],
  ],
  ['connections break, and no target fails', bothChecked(applicationCheck('ConnectionReset')), []],
  ['another cause tells it', { ...failing, ...bothChecked(applicationCheck('ConnectionRefused')) }, []],
  [
    'checks are suppressed',
    { applicationStatus: [{ instanceId: 'i-1', status: 'suppressed', checks: [] }] },
    ["EC2's checks of the application on i-1 are suppressed: no instance is replaced for what they find"],
  ],
  ['all is well', {}, []],
  ['nothing was seen', { applicationStatus: denied(), instanceMetrics: denied() }, []],
])('%s', (_, ill, expected) => {
  expect(told(ill)).toEqual(expected);
});
