import { describe, expect, test } from 'vitest';
import { failedRequest } from '../../lambda/entry/failed-diagnosis.ts';
import { PLAIN_WORDS } from '../../lambda/entry/plain-words.ts';
import type { Request } from '../../lambda/incident/question.ts';
import { chatCard } from '../../lambda/render/chat.ts';
import { toMessage } from '../../lambda/render/message.ts';
import { renderOneLine } from '../../lambda/render/one-line.ts';

const LB = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188';
const ALARM = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:web-5xx';

function failed(request: Partial<Request> = {}) {
  return failedRequest(
    {
      about: { by: 'arn', arn: LB },
      at: '2026-03-10T14:26:08Z',
      windowSeconds: 1800,
      trigger: { kind: 'alarm', at: '2026-03-10T14:26:08Z', alarmName: 'web-5xx', alarmArn: ALARM, state: 'ALARM' },
      ...request,
    },
    'alb-triage broke off, a defect of its own (Error: Cannot find module)',
  );
}

describe.each([
  ['a load balancer', failed()],
  ['an account with a name', failed({ accountName: 'prod' })],
  ['an alarm only', failed({ about: { by: 'alarm', alarms: [ALARM] } })],
])('of %s', (_, diagnosis) => {
  const [plain, usual] = [PLAIN_WORDS.toMessage(diagnosis), toMessage(diagnosis)];

  test('subject, labels and report are those of every message', () => {
    expect(plain.subject).toBe(usual.subject);
    expect(plain.attributes).toEqual(usual.attributes);
    expect(plain.bodies.default).toBe(usual.bodies.default);
    expect(PLAIN_WORDS.renderOneLine(diagnosis)).toBe(renderOneLine(diagnosis));
  });

  test('the card opens the same conversation', () => {
    const [card, usualCard] = [PLAIN_WORDS.chatCard(diagnosis), chatCard(diagnosis)];
    expect([card.id, card.content.title, card.metadata]).toEqual([
      usualCard.id,
      usualCard.content.title,
      usualCard.metadata,
    ]);
  });

  test('the mail says what is known and what to do', () => {
    expect(plain.bodies.email).toContain('alb-triage broke off, a defect of its own (Error: Cannot find module).');
    expect(plain.bodies.email).toContain('deploy alb-triage again');
    expect(plain.bodies.email).toContain('Alarm: web-5xx');
    expect(plain.bodies.email).not.toMatch(/undefined|null|\[object/);
  });
});

test('a chat with a topic of its own gets no card on the other', () => {
  expect(PLAIN_WORDS.toMessage(failed(), { withoutCard: true }).bodies).not.toHaveProperty('https');
});
