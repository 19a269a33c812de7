import type { Diagnosis } from '../incident/diagnosis.ts';
import { ascii, cut } from './ascii.ts';
import { chatCard } from './chat.ts';
import { renderEmail } from './email.ts';
import { renderJson } from './json.ts';
import { printable } from './printable.ts';
import { SHORTENINGS, shortenBy } from './shorten.ts';
import { renderSms } from './sms.ts';
import type { Zone } from './times.ts';
import { accountOf, answerOf, nameOf } from './verdict-line.ts';

/** One SNS publish with `MessageStructure: json`: a body for each protocol, `default` for those without one. */
export interface Message {
  readonly subject: string;
  readonly bodies: Bodies;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Bodies {
  readonly default: string;
  readonly email: string;
  readonly 'email-json': string;
  readonly application: string;
  readonly sms: string;
  /** The card, for Amazon Q Developer; absent where that has a topic of its own: then it is the report, as for others. */
  readonly https?: string;
  readonly [protocol: string]: string | undefined;
}

/** What SNS takes in one publish: all bodies, as JSON within JSON, and the attributes together. */
export const BYTES_AT_MOST = 262_144;

export interface MessageOptions {
  readonly zone?: Zone;
  /** The card goes to a topic of its own. */
  readonly withoutCard?: boolean;
}

/** The whole report where it fits, else shortened from the least important end, saying so. */
export function toMessage(diagnosis: Diagnosis, options: MessageOptions = {}): Message {
  const subject = subjectOf(diagnosis);
  const attributes = attributesOf(diagnosis);
  for (let steps = 0; steps < SHORTENINGS.length; steps += 1) {
    const message = { subject, attributes, bodies: bodiesOf(shortenBy(diagnosis, steps), options) };
    if (bytesOf(message) <= BYTES_AT_MOST) return message;
  }
  return { subject, attributes, bodies: bodiesOf(shortenBy(diagnosis, SHORTENINGS.length), options) };
}

/** As SNS counts: the encoded bodies, the subject, and name, type and value of each attribute. */
export function bytesOf({ subject, bodies, attributes }: Message): number {
  const labels = Object.entries(attributes).map(([name, value]) => `${name}String${value}`);
  return new TextEncoder().encode([JSON.stringify(bodies), subject, ...labels].join('')).length;
}

function bodiesOf(diagnosis: Diagnosis, { withoutCard, ...options }: MessageOptions): Bodies {
  const email = renderEmail(diagnosis, options);
  return {
    default: JSON.stringify(renderJson(diagnosis)),
    email,
    'email-json': email,
    application: email,
    sms: renderSms(diagnosis),
    ...(withoutCard ? {} : { https: JSON.stringify(chatCard(diagnosis, options)) }),
  };
}

const SUBJECT_AT_MOST = 78;
/** As much as tells one from the others: an account's id whole. */
const NAME_AT_LEAST = 12;
const ACCOUNT_AT_LEAST = 12;
/** Longer than any Region's name. */
const REGION_AT_MOST = 20;

/**
 * `web: 100% 504, security group closed - prod/us-east-1`. What has no room is cut: the account's name first, then that of the
 * load balancer; the Region never. SNS refuses a subject of 100 characters or more, with a control character, or that starts
 * unlike a text.
 */
function subjectOf(diagnosis: Diagnosis): string {
  const said = (words: string): string => ascii(printable(words)).trim();
  const name = said(nameOf(diagnosis));
  const account = said(accountOf(diagnosis));
  const region = cut(said(diagnosis.loadBalancer.region ?? ''), REGION_AT_MOST);
  const answers = (['all', 'some', 'least'] as const).map((wording) => said(answerOf(diagnosis, wording)));
  const subjects = [account, ''].flatMap((of) => answers.map((answer) => subjectWith({ name, answer, of, region })));
  const shortest = subjects.at(-1) ?? '';
  const over = shortest.length - SUBJECT_AT_MOST;
  if (over <= 0) return subjects.find((one) => one.length <= SUBJECT_AT_MOST) ?? shortest;
  const answer = answers.at(-1) ?? '';
  return subjectWith({ name, answer: cut(answer, Math.max(answer.length - over, 3)), of: '', region });
}

interface SubjectParts {
  readonly name: string;
  readonly answer: string;
  /** Whose account. */
  readonly of: string;
  readonly region: string;
}

/** With the names cut as far as they may be; too long where that is not enough. */
function subjectWith({ name, answer, of, region }: SubjectParts): string {
  const place = (account: string): string => [account, region].filter((one) => one !== '').join('/');
  const whole = (called: string, account: string): string =>
    `${called}: ${answer}${place(account) === '' ? '' : ` - ${place(account)}`}`;
  const cutTo = (words: string, atLeast: number, length: number): string =>
    cut(words, Math.max(atLeast, words.length - Math.max(0, length - SUBJECT_AT_MOST)));
  const account = cutTo(of, ACCOUNT_AT_LEAST, whole(name, of).length);
  return whole(cutTo(name, NAME_AT_LEAST, whole(name, account).length), account);
}

/** SNS refuses an empty value: "none" where there is none. */
function attributesOf({ kind, verdict, findings, loadBalancer }: Diagnosis): Readonly<Record<string, string>> {
  const first = verdict.cause === null ? undefined : findings[0];
  return {
    status: kind === 'recovered' || kind === 'failed' ? kind : verdict.status,
    cause: verdict.cause ?? 'none',
    category: first?.category ?? 'none',
    strength: first?.strength ?? 'none',
    loadBalancer: valueOrNone(loadBalancer.name),
    accountId: valueOrNone(loadBalancer.accountId),
    region: valueOrNone(loadBalancer.region),
  };
}

function valueOrNone(value: string | null): string {
  const printed = printable(value ?? '').trim();
  return printed === '' ? 'none' : cut(printed, 256);
}
