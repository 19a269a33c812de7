import { expect, test } from 'vitest';
import { backendPolicy } from '../../../lambda/semantics/targets/backend-tls-policy.ts';

const listeners = (...policies: (string | null)[]) =>
  policies.map((sslPolicy, index) => ({ arn: `listener-${index}`, port: 443, protocol: 'HTTPS', sslPolicy }));

test.each([
  ['an old policy', ['ELBSecurityPolicy-2016-08'], 'ELBSecurityPolicy-2016-08'],
  ['TLS 1.2 only', ['ELBSecurityPolicy-TLS-1-2-2017-01'], 'ELBSecurityPolicy-2016-08'],
  ['TLS 1.3', ['ELBSecurityPolicy-TLS13-1-2-2021-06'], 'ELBSecurityPolicy-TLS13-1-0-2021-06'],
  [
    'TLS 1.3 on one of two',
    ['ELBSecurityPolicy-2016-08', 'ELBSecurityPolicy-TLS13-1-2-2021-06'],
    'ELBSecurityPolicy-TLS13-1-0-2021-06',
  ],
  ['FIPS', ['ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04'], 'ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04'],
  ['post-quantum', ['ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09'], 'ELBSecurityPolicy-TLS13-1-0-PQ-2025-09'],
  [
    'FIPS beside post-quantum',
    ['ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04', 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09'],
    'ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04',
  ],
  [
    'FIPS post-quantum',
    ['ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09'],
    'ELBSecurityPolicy-TLS13-1-0-FIPS-PQ-2025-09',
  ],
  ['plain HTTP listeners', [null], null],
])('towards targets it follows the listeners: %s', (_, policies, expected) => {
  expect(backendPolicy(listeners(...policies))).toBe(expected);
});

test('is not known where the listeners are not', () => {
  expect(backendPolicy(undefined)).toBeNull();
});
