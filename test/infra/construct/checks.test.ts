import { Fn, Lazy } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import type { AlbTriageProps } from '../../../infra/construct/props.ts';
import { aBundle, deployed, WEB } from '../a-stack.ts';

const bundle = aBundle();

describe('what a construct is given is checked at synth:', () => {
  test.each<[props: Partial<AlbTriageProps>, says: string]>([
    [{ timeZone: 'Berlin' }, 'AlbTriage, timeZone: expected a time zone such as Europe/Berlin, found "Berlin"'],
    [{ notify: ['al'] }, 'AlbTriage, notify: expected one or more of identified, suspected'],
    [{ notify: [] }, 'notify: expected one or more of'],
    [{ accountName: 'x'.repeat(41) }, 'accountName: expected a name of at most 40 characters'],
    [
      { threshold: { minimumErrors: 0 } },
      'threshold.minimumErrors: expected a whole number from 1 to 1000000, found 0',
    ],
    [{ threshold: { errorPercent: 101 } }, 'threshold.errorPercent: expected a number from 0 to 100, found 101'],
    [{ threshold: { datapointsToAlarm: 4 } }, 'threshold.datapointsToAlarm: expected a whole number from 1 to 3'],
    [{ threshold: { evaluationPeriods: 1441 } }, 'threshold.evaluationPeriods: expected a whole number from 1 to 1440'],
    [{ reservedConcurrency: 0 }, 'reservedConcurrency: expected a whole number from 1 to 1000, found 0'],
    [{ logRetention: 8 as never }, 'logRetention: expected a number of days'],
    [
      { loadBalancers: [{ loadBalancerArn: WEB.replace('/app/', '/net/') }] },
      'loadBalancers: expected the ARN of an Application Load Balancer, found "arn:',
    ],
  ])('%j', (props, says) => {
    expect(() => deployed({ bundle, ...props })).toThrow(says);
  });
});

test('what is known only when it is deployed is taken at its word', () => {
  const props = {
    loadBalancers: [{ loadBalancerArn: Fn.importValue('web') }],
    timeZone: Lazy.string({ produce: () => 'Europe/Berlin' }),
    notify: [Fn.importValue('notify')],
  };
  expect(() => deployed({ bundle, ...props })).not.toThrow();
});

test('one minute is asked for where only one is looked at', () => {
  deployed({ bundle, threshold: { evaluationPeriods: 1 } }).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Threshold: 5,
    DatapointsToAlarm: 1,
    EvaluationPeriods: 1,
  });
});
