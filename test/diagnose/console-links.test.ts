import { expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { consoleLinks } from '../../lambda/diagnose/console-links.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { Question } from '../../lambda/incident/question.ts';
import { words } from '../../lambda/incident/text.ts';
import { recordedIncidents } from '../support/incidents.ts';

function asked(partition: string, region: string, alarmName?: string): Question {
  const window = { from: '2026-03-10T14:00:00Z', to: '2026-03-10T14:30:00Z' };
  return {
    subject: {
      arn: `arn:${partition}:elasticloadbalancing:${region}:123456789012:loadbalancer/app/web/50dc6c495c0c9188`,
      dimension: 'app/web/50dc6c495c0c9188',
      name: 'web',
      partition,
      region,
      accountId: '123456789012',
    },
    at: window.to,
    window,
    trigger: { kind: 'alarm', at: window.to, ...(alarmName === undefined ? {} : { alarmName }) },
  };
}

test.each([
  ['aws', 'eu-central-1', 'https://eu-central-1.console.aws.amazon.com/'],
  ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
  ['aws-us-gov', 'us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
  ['aws-eusc', 'eusc-de-east-1', 'https://eusc-de-east-1.console.amazonaws-eusc.eu/'],
])('the console of %s', (partition, region, host) => {
  const links = consoleLinks(asked(partition, region, 'web-5xx'), []);
  expect(links.length).toBeGreaterThan(3);
  expect(links.filter(({ url }) => !url.startsWith(host))).toEqual([]);
});

test('a partition without a public console has no links', () => {
  expect(consoleLinks(asked('aws-iso', 'us-iso-east-1'), [])).toEqual([]);
});

test('an alarm name survives the address, and the address survives a mail program', () => {
  const [alarm] = consoleLinks(asked('aws', 'eu-central-1', "shop (prod)/5xx 'all'"), []);
  expect(alarm?.url).toBe(
    'https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#alarmsV2:alarm/shop%20%28prod%29%2F5xx%20%27all%27',
  );
});

test('the error graph covers the window', () => {
  const graph = consoleLinks(asked('aws', 'eu-central-1'), []).find(({ title }) => title.startsWith('Errors'));
  expect(decodeURIComponent(graph?.url ?? '')).toContain(
    "~(~'AWS*2fApplicationELB~'HTTPCode_ELB_504_Count~'LoadBalancer~'app*2fweb*2f50dc6c495c0c9188)",
  );
  expect(decodeURIComponent(graph?.url ?? '')).toMatch(
    /~start~'2026-03-10T14\*3a00\*3a00Z~end~'2026-03-10T14\*3a30\*3a00Z\)$/,
  );
});

test('at most five target groups have links', () => {
  const groups = Array.from({ length: 6 }, (_, index) => ({ arn: `arn:${index}`, name: `group-${index}` }));
  const titles = consoleLinks(asked('aws', 'eu-central-1'), groups).map(({ title }) => title);
  expect(titles.filter((title) => title.startsWith('Target group'))).toHaveLength(5);
});

/** From when to when the console lists changes. */
function listed(links: ReturnType<typeof consoleLinks>): readonly [string, string] {
  const [, from = '', to = ''] = /StartTime=(\S+)&EndTime=(\S+)$/.exec(links.find(isOfChanges)?.url ?? '') ?? [];
  return [from, to];
}
const isOfChanges = ({ title }: { readonly title: string }) => title.startsWith('Changes');

const changed = (at: string) => ({ at, who: 'alice', what: 'revoked tcp 8080' });
const cited = (at: string) => ({ because: [{ from: 'changes' as const, at, shows: words('alice revoked it') }] });
const told = (findings: NonNullable<Parameters<typeof consoleLinks>[2]>['findings'], at: readonly string[] = []) =>
  listed(
    consoleLinks(asked('aws', 'eu-central-1'), [], {
      findings,
      changes: at.map((one) => ({ ...changed(one), resource: '', source: 'CloudTrail' })),
    }),
  );

test('the list of changes holds those that are told, be they before the window or after it', () => {
  const window = ['2026-03-10T14:00:00Z', '2026-03-10T14:30:00Z'] as const;
  expect(told([])).toEqual(window);
  expect(told([{ because: [], change: changed('2026-03-10T14:00:00Z') }])).toEqual(window);
  expect(told([{ because: [], change: changed('2026-03-10T13:58:10Z') }])).toEqual(['2026-03-10T13:58:10Z', window[1]]);
  expect(told([cited('2026-03-10T13:50:00Z')])).toEqual(['2026-03-10T13:50:00Z', window[1]]);
  expect(told([], ['2026-03-10T14:41:00Z'])).toEqual([window[0], '2026-03-10T14:41:00Z']);
});

test.each(recordedIncidents())('the list of changes of $name holds every one that a finding names', ({ snapshot }) => {
  const { findings, changes, links } = diagnose(snapshot, CAUSES);
  if (!links.some(isOfChanges)) return;
  const [from, to] = listed(links);
  const times = [
    ...changes.map(({ at }) => at),
    ...findings.flatMap(({ change, because }) => [
      ...(change === undefined ? [] : [change.at]),
      ...because.flatMap((proof) => (proof.from === 'changes' && proof.at !== undefined ? [proof.at] : [])),
    ]),
  ];
  expect(times.filter((at) => Date.parse(at) < Date.parse(from) || Date.parse(at) > Date.parse(to))).toEqual([]);
});
