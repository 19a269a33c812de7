import type {
  LambdaConfiguration,
  LambdaFunction,
  LambdaMetric,
  MetricsById,
  PolicyStatement,
  Values,
} from '../../lambda/incident/evidence.ts';
import { type Ill, TG, target, targetGroup } from './a-snapshot.ts';

/** The group `web` with the function `api` behind it, in place of the instances. */
export const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:api';

export function aFunction(ill: Partial<LambdaFunction> = {}, configuration: Partial<LambdaConfiguration> = {}) {
  return {
    arn: FUNCTION,
    gone: false,
    configuration: {
      state: 'Active',
      stateReason: null,
      lastUpdateStatus: 'Successful',
      lastUpdateReason: null,
      timeoutSeconds: 10,
      memoryMb: 512,
      modifiedAt: '2026-02-01T09:00:00Z',
      logGroup: '/aws/lambda/api',
      ...configuration,
    },
    policy: [permission()],
    reservedConcurrency: 'none' as const,
    ...ill,
  };
}

export function permission(ill: Partial<PolicyStatement> = {}): PolicyStatement {
  return {
    id: 'elb',
    effect: 'Allow',
    principals: ['elasticloadbalancing.amazonaws.com'],
    actions: ['lambda:InvokeFunction'],
    resources: [FUNCTION],
    conditions: [{ operator: 'ArnLike', key: 'AWS:SourceArn', values: [TG] }],
    ...ill,
  };
}

export function lambdaMetrics(values: Partial<Record<LambdaMetric, Values>>): MetricsById<LambdaMetric> {
  return { grid: { from: '2026-03-10T11:30:00Z', minutes: 180 }, of: [{ id: FUNCTION, values }] };
}

export function lambdaTarget(id = FUNCTION, targetGroupArn = TG) {
  return target(id, {
    targetGroup: targetGroupArn,
    port: null,
    zone: 'all',
    healthCheckPort: null,
    state: 'unavailable',
    reason: 'Target.HealthCheckDisabled',
  });
}

export function behindLambda(ill: Ill = {}): Ill {
  return {
    targetGroups: [targetGroup('web', { targetType: 'lambda', protocol: null, protocolVersion: null, port: null })],
    targetHealth: [lambdaTarget()],
    lambdaFunctions: [aFunction()],
    instances: [],
    instanceStatus: [],
    ...ill,
  };
}
