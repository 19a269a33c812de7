import { describe, expect, test } from 'vitest';
import { failedDiagnosis } from '../../lambda/diagnose/failed-diagnosis.ts';
import { type Diagnosis, UNKNOWN } from '../../lambda/incident/diagnosis.ts';
import { text } from '../../lambda/incident/text.ts';
import { chatCard } from '../../lambda/render/chat.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { verdictLine } from '../../lambda/render/verdict-line.ts';
import { closed, failed, identified, inconclusive, quiet } from './diagnoses.ts';

const steps = (diagnosis: Diagnosis): string => chatCard(diagnosis).content.nextSteps.join('\n');
const failure = (error: string, more: Partial<Parameters<typeof failedDiagnosis>[0]> = {}): Diagnosis =>
  failedDiagnosis({
    tool: identified.tool,
    collectedAt: '2026-03-10T14:31:02Z',
    incidentKey: '123456789012/eu-central-1/web',
    loadBalancer: { arn: null, name: 'web', region: 'eu-central-1', accountId: '123456789012', tags: [] },
    trigger: identified.trigger,
    window: identified.window,
    error,
    denied: [],
    causes: 46,
    ...more,
  });
const ASK_AGAIN = 'alb-triage web --at 2026-03-10T14:30:00Z --region eu-central-1';

describe('a failure has a next step, in the mail and in chat', () => {
  test.each<[string, Diagnosis, readonly string[]]>([
    ['throttled', failure('AWS throttled DescribeLoadBalancers.'), ['To ask again about the same time:', ASK_AGAIN]],
    ['broke off', failure('alb-triage broke off'), [ASK_AGAIN]],
    [
      'denied',
      failure('denied', { denied: ['elasticloadbalancing:DescribeLoadBalancers'] }),
      ['To see more, allow', 'elasticloadbalancing:DescribeLoadBalancers', 'Then ask again', ASK_AGAIN],
    ],
    ['denied, of no known Region', failed, ['Then ask again', 'alb-triage web --at 2026-03-10T14:30:00Z']],
    [
      'not found',
      failure('there is no load balancer named web', { unfound: true }),
      ['aws elbv2 describe-load-balancers', '--region eu-central-1'],
    ],
    [
      'an alarm about something else',
      failure('it watches none', {
        unfound: true,
        loadBalancer: { ...identified.loadBalancer, arn: null, name: UNKNOWN },
      }),
      ['aws cloudwatch describe-alarms --alarm-names web-5xx --region eu-central-1'],
    ],
    [
      'an alarm of which nothing else is known',
      failure('throttled', { loadBalancer: { ...identified.loadBalancer, arn: null, name: UNKNOWN } }),
      ['alb-triage arn:aws:cloudwatch:eu-central-1:123456789012:alarm:web-5xx --at'],
    ],
  ])('%s', (_, diagnosis, says) => {
    const mail = renderEmail(diagnosis);
    for (const one of says) {
      expect(mail).toContain(one);
      expect(steps(diagnosis)).toContain(one);
    }
    if (diagnosis !== failed) expect(mail).toContain('https://eu-central-1.console.aws.amazon.com/cloudwatch/home');
  });

  test('what is not there is not asked for again', () => {
    expect(renderEmail(failure('there is none', { unfound: true }))).not.toContain('alb-triage web');
  });
});

describe('where no 5xx need a cause', () => {
  const headline = text`web has no way in`;
  const cutOff: Diagnosis = {
    ...quiet,
    symptoms: { ...quiet.symptoms, elb: { '500': 0, '502': 0, '503': 0, '504': 0, other5xx: 0 } },
    verdict: { status: 'quiet', cause: null, headline: text`No request was answered 5xx, but ${headline}` },
    findings: [{ ...closed, cause: 'no-way-in', strength: 'strong', share: null, explains: [], headline }],
  };

  test('what keeps clients out is in the subject, and its way out on the first screen and in chat', () => {
    expect(verdictLine(cutOff)).toBe('web: no 5xx, no way in');
    const [first = ''] = renderEmail(cutOff).split('ALSO FOUND');
    expect(first).toContain(
      'Fix (changes AWS): allow inbound traffic from the load balancer on port 8080:\naws ec2 authorize',
    );
    expect(steps(cutOff)).toContain('aws ec2 authorize-security-group-ingress');
    // Once.
    expect(renderEmail(cutOff).split('aws ec2 authorize').length).toBe(2);
  });

  test('the same where errors could not be seen', () => {
    const blind: Diagnosis = {
      ...inconclusive,
      findings: cutOff.findings,
      verdict: { ...inconclusive.verdict, headline },
    };
    expect(steps(blind)).toContain('aws ec2 authorize-security-group-ingress');
    expect(renderEmail(blind)).not.toContain('If it happens again');
  });

  test('what may be is to be looked at, not changed', () => {
    expect(verdictLine(quiet)).toBe('web: no 5xx outage');
    expect(steps(quiet)).toContain('To look closer (changes nothing): see who changed the group');
    expect(steps(quiet)).not.toContain('authorize');
  });

  test('what nobody saw does not return', () => {
    const none: Diagnosis = { ...cutOff, verdict: quiet.verdict, findings: [] };
    expect(renderEmail(none)).toContain('If requests fail, run this while they do');
    expect(renderEmail({ ...none, symptoms: inconclusive.symptoms })).toContain(
      'To ask again, and save what AWS shows then',
    );
    expect(renderEmail({ ...quiet, findings: [] })).toContain('If it happens again');
  });
});
