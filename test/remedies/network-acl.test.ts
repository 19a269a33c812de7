import { expect, test } from 'vitest';
import { allowBeforeDenial } from '../../lambda/remedies/network-acl.ts';
import { aws } from '../../lambda/remedies/remedy.ts';
import { asString } from '../../lambda/render/json.ts';

const verify = aws('elbv2', 'describe-target-health');
const acl = { id: 'acl-1', isDefault: false, subnetIds: [], tags: {}, entries: [] };
const fixesFor = (remotes: number) =>
  allowBeforeDenial(
    [
      {
        ...{ aclId: 'acl-1', direction: 'egress', ports: { from: 8080, to: 8080 }, denied: [], ruleNumbers: [50] },
        ...{ subnetIds: [], share: null },
        remotes: Array.from({ length: remotes }, (_, index) => `10.0.${index}.0/24`),
      },
    ],
    [acl],
    verify,
  );

test('of six, a rule each', () => {
  expect(fixesFor(6).map(({ run, step }) => [run === null, step?.of])).toEqual(Array(6).fill([false, 6]));
});

test.each([
  [7, 'let TCP 8080 out to 1 other address or range through acl-1 likewise'],
  [20, 'let TCP 8080 out to 14 other addresses or ranges through acl-1 likewise'],
])('of %i, it is told that there are others', (remotes, says) => {
  const fixes = fixesFor(remotes);
  expect(fixes.at(-1)).toMatchObject({ run: null, changes: true, step: { number: 7, of: 7 } });
  expect(asString(fixes.at(-1)?.does ?? [])).toBe(says);
});
