import { InvalidArgumentError, Option } from 'commander';
import type { Reference } from '../../incident/question.ts';
import type { Time } from '../../incident/text.ts';
import { InvalidInput, parseDuration, parseMoment, parseReference } from '../../intake/index.ts';
import { FORMS, type Form } from './forms.ts';

const LONGEST_TIMEOUT = 600;

/** The load balancer as the asker names it. */
export const loadBalancerArgument = (text: string): Reference => argument(() => parseReference(text));

/** `otherwise` says in words what is printed without it; else it is text. */
export function asOption(otherwise?: string): Option {
  const option = new Option('--as <form>', `output form: ${FORMS.join(', ')}`).argParser(form);
  return otherwise === undefined ? option.default('text', 'text') : option.default(undefined, otherwise);
}

function form(text: string): Form {
  const known = FORMS.find((one) => one === text);
  if (known !== undefined) return known;
  if (text === 'chat' || text === 'html') throw new InvalidArgumentError(`Not in this version. Use ${anyOf(FORMS)}.`);
  throw new InvalidArgumentError(`Use ${anyOf(FORMS)}.`);
}

export const momentArgument = (text: string): Time => argument(() => parseMoment(text));

export function sinceOption(): Option {
  return new Option('--since <duration>', 'length of the window before it: 30m, 2h, 7d at most')
    .default(undefined, "30m, or as long as the named alarm's periods")
    .argParser((text) => argument(() => parseDuration(text)));
}

export function timeoutOption(): Option {
  return new Option('--timeout <seconds>', 'budget for collecting').default(25).argParser(timeout);
}

function timeout(text: string): number {
  const given = Number(text);
  if (text.trim() !== '' && given >= 1 && given <= LONGEST_TIMEOUT) return given;
  throw new InvalidArgumentError(`Expected seconds from 1 to ${LONGEST_TIMEOUT}.`);
}

export function topicArnArgument(text: string): string {
  if (/^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}([.]fifo)?$/.test(text)) return text;
  throw new InvalidArgumentError('Expected the ARN of an SNS topic: arn:aws:sns:<region>:<account>:<name>.');
}

function argument<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof InvalidInput) throw new InvalidArgumentError(sentence(error.message));
    throw error;
  }
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function anyOf(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
