import { expect, test } from 'vitest';
import { failedChecksIn } from '../../../lambda/semantics/ecs/failed-checks.ts';

const WEB = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067';
const API = 'arn:aws-cn:elasticloadbalancing:cn-north-1:123456789012:targetgroup/api/0fc1df7c6ec282e9';
const TASK = '66066f5c7e7f4d4bb7b2e0b9d1c8a001';

const unhealthy = (reason: string, who = `(task ${TASK}) (port 8080)`) =>
  `(service web) ${who} is unhealthy in (target-group ${WEB}) due to (reason ${reason})`;

test.each([
  ['Request timed out', 'Target.Timeout'],
  ['Health checks failed', 'Target.FailedHealthChecks'],
  ['Health checks failed with these codes: [503]', 'Target.ResponseCodeMismatch'],
  ['Health checks failed with these codes: [502, 504]', 'Target.ResponseCodeMismatch'],
  ['Health checks failed due to an internal error', 'Elb.InternalError'],
  ['Target is in an Availability Zone that is not enabled for the load balancer', 'Target.NotInUse'],
  ['Something that AWS has not said so far', null],
])('an event of a service: %s', (description, reason) => {
  const whole = { targetGroups: [WEB], id: TASK, port: 8080, reason, description };
  expect(failedChecksIn(unhealthy(description))).toEqual(whole);
  expect(failedChecksIn(`${unhealthy(description)}.`)).toEqual(whole);
});

test.each([
  [
    'an instance and its host port',
    unhealthy('Health checks failed', '(instance i-0123456789abcdef0) (port 32875)'),
    { id: 'i-0123456789abcdef0', port: 32875 },
  ],
  ['no name of the service', unhealthy('Request timed out').replace('(service web) ', ''), { id: TASK, port: 8080 }],
  [
    'a task set',
    unhealthy('Request timed out').replace('(service web)', '(service web, taskSet ecs-svc/12)'),
    { id: TASK },
  ],
  [
    'a task by its ARN',
    unhealthy('Request timed out', `(task arn:aws:ecs:us-east-1:1:task/prod/${TASK}) (port 80)`),
    { id: TASK },
  ],
  ['no port', unhealthy('Request timed out', `(task ${TASK})`), { id: TASK, port: null }],
  ['another partition', unhealthy('Request timed out').replace(WEB, API), { targetGroups: [API] }],
])('with %s', (_, sentence, part) => {
  expect(failedChecksIn(sentence)).toMatchObject(part);
});

test.each([
  ['as ECS writes it', `Task failed ELB health checks in (target-group ${WEB})`, [WEB], null],
  [
    'with a reason',
    `Task failed ELB health checks in (target-group ${WEB}) (reason Request timed out)`,
    [WEB],
    'Target.Timeout',
  ],
  [
    'with a code',
    `service web task failed ELB health checks in (target-group ${WEB}) due to (reason Health checks failed with these codes: [500])`,
    [WEB],
    'Target.ResponseCodeMismatch',
  ],
  ['in two groups', `Task failed ELB health checks in (target-group ${WEB}) (target-group ${API})`, [WEB, API], null],
  ['twice in one', `Task failed ELB health checks in (target-group ${WEB}) (target-group ${WEB})`, [WEB], null],
])('why a task was stopped, %s', (_, sentence, targetGroups, reason) => {
  expect(failedChecksIn(sentence)).toMatchObject({ targetGroups, reason, id: null });
});

test.each([
  'Task failed container health checks',
  'Task failed ELB health checks in (elb web)',
  '(service web) (instance i-0abc) is unhealthy in (elb web) due to (reason Instance has failed at least the UnhealthyThreshold number of health checks consecutively.)',
  'Essential container in task exited',
  'Scaling activity initiated by (deployment ecs-svc/7)',
  `(service web) deregistered 1 targets in (target-group ${WEB})`,
  `(service web) registered 1 targets in (target-group ${WEB})`,
  '(service web) has stopped 1 running tasks: (task a).',
  '(service web) has reached a steady state.',
  '(service web) was unable to place a task because no container instance met all of its requirements.',
  '',
])('of no failed check of a target group: %s', (sentence) => {
  expect(failedChecksIn(sentence)).toBeNull();
});
