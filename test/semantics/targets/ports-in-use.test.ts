import { describe, expect, test } from 'vitest';
import type { Target, TargetGroup } from '../../../lambda/incident/evidence.ts';
import { portsInUse } from '../../../lambda/semantics/targets/ports-in-use.ts';

const target = (id: string, ill: Partial<Target> = {}): Target => ({
  targetGroup: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0123456789abcdef',
  id,
  port: 8080,
  zone: 'eu-west-1a',
  healthCheckPort: 8080,
  state: 'unhealthy',
  reason: 'Target.Timeout',
  description: null,
  anomalous: false,
  override: null,
  ...ill,
});

describe('the ports of a target', () => {
  const group = (port: string | null, ill: Partial<TargetGroup> = {}): TargetGroup => ({
    arn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0123456789abcdef',
    name: 'web',
    targetType: 'instance',
    protocol: 'HTTP',
    protocolVersion: 'HTTP1',
    port: 80,
    vpcId: 'vpc-1',
    loadBalancerArns: [],
    healthCheck: {
      enabled: true,
      protocol: 'HTTP',
      port,
      path: '/',
      intervalSeconds: 30,
      timeoutSeconds: 5,
      healthyThreshold: 5,
      unhealthyThreshold: 2,
      matcher: '200',
    },
    ...ill,
  });

  test.each([
    ['its own port, checked there', target('i-1'), group('traffic-port'), [[8080, 'traffic', 'health-check']]],
    [
      "the group's port where it has none",
      target('i-1', { port: null, healthCheckPort: null }),
      group('traffic-port'),
      [[80, 'traffic', 'health-check']],
    ],
    [
      'checked elsewhere',
      target('i-1', { healthCheckPort: 9000 }),
      group('9000'),
      [
        [8080, 'traffic'],
        [9000, 'health-check'],
      ],
    ],
    [
      'checked elsewhere, by the group',
      target('i-1', { healthCheckPort: null }),
      group('9000'),
      [
        [8080, 'traffic'],
        [9000, 'health-check'],
      ],
    ],
    [
      'a Lambda function',
      target('arn:aws:lambda:x', { port: null, healthCheckPort: null }),
      group(null, { port: null }),
      [],
    ],
  ])('%s', (_, one, its, expected) =>
    expect(portsInUse(one, its).map(({ port, uses }) => [port, ...uses])).toEqual(expected),
  );
});
