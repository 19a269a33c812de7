import { expect, test } from 'vitest';
import { groupsBehind } from '../../../lambda/semantics/traffic/routing.ts';
import { conditionWithoutValue } from '../../../lambda/semantics/traffic/rule-conditions.ts';
import { aRuleTo, TG } from '../../support/a-snapshot.ts';

test.each([
  ['header X-Origin-Verify is s3cr3t-Ab12', 'header X-Origin-Verify is (a value)'],
  ['header X-Origin-Verify is s3cr3t-Ab12 or s3cr3t-Cd34', 'header X-Origin-Verify is (a value)'],
  ['header X-Origin-Verify matches ^s3cr3t', 'header X-Origin-Verify is (a value)'],
  ['query string is token=s3cr3t or c', 'query string is (a value)'],
  [
    'query string a is (a value) or query string is (a value)',
    'query string a is (a value) or query string is (a value)',
  ],
  ['path is /header X is y', 'path is /header X is y'],
  ['host is example.com', 'host is example.com'],
])('%s', (condition, without) => {
  expect(conditionWithoutValue(condition)).toBe(without);
  expect(conditionWithoutValue(without)).toBe(without);
});

test.each([
  ['path is /api/*', [TG]],
  // It may be another one.
  ['header X-Tenant is (a value)', []],
])('behind a rule for %s stands one for the same, where that is known', (condition, groups) => {
  const rules = [10, 20].flatMap((priority) =>
    aRuleTo(TG).map((rule) => ({ ...rule, priority, conditions: [condition] })),
  );
  expect(groupsBehind(rules.slice(0, 1), rules)).toEqual(groups);
});
