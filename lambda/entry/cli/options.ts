import { domainToASCII } from 'node:url';
import { InvalidArgumentError, Option } from 'commander';
import type { Reference } from '../../incident/question.ts';
import type { Time } from '../../incident/text.ts';
import {
  hostNameIn,
  InvalidInput,
  isOwnName,
  listed,
  meant,
  parseDuration,
  parseMoment,
  parseReference,
} from '../../intake/index.ts';
import { FORMS, type Form, TREE_FORMS } from './forms.ts';
import { regionMeant } from './place.ts';
import { messageLine } from './wording.ts';

const LONGEST_TIMEOUT = 600;

/** The load balancer as the asker names it; here, and not in events, by a name of their own domain, too. */
export function loadBalancerArgument(text: string): Reference {
  const ascii = /[^\0-\x7f]/.test(text) ? domainToASCII(text.trim()) : text;
  const host = hostNameIn(ascii);
  if (host?.endsWith('.json')) {
    throw new InvalidArgumentError(`A saved snapshot is judged by alb-triage diagnose ${messageLine(text)}.`);
  }
  if (host !== undefined && !isOwnName(host)) return { by: 'dns', dnsName: host };
  return argument(() => parseReference(text));
}

/** An empty one is a variable that a script did not set: nobody means the default by it. */
export function regionArgument(text: string): string {
  if (/^[a-z]{2,4}(?:-[a-z]+)+-[0-9]+$/.test(text)) return text;
  const hint = regionMeant(text);
  throw new InvalidArgumentError(hint === undefined ? 'Expected a Region such as us-east-1.' : sentence(hint));
}

export function someText(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('Expected something, found nothing.');
}

/** One of a few words. */
export function wordOf<T extends string>(text: string, words: readonly T[]): T {
  const known = words.find((one) => one === text);
  if (known !== undefined) return known;
  // All of a few are said in no more words.
  const hint = words.length <= FEW ? undefined : meant(text, words);
  throw new InvalidArgumentError(hint === undefined ? `Use ${listed(words, 'or')}.` : sentence(hint));
}

const FEW = 3;

/** `otherwise` says in words what is printed without it; else it is text. */
export function asOption(otherwise?: string): Option {
  const option = new Option('--as <form>', `output form: ${FORMS.join(', ')}`).argParser(form);
  return otherwise === undefined ? option.default('text', 'text') : option.default(undefined, otherwise);
}

export function treeFormOption(): Option {
  return new Option('--as <form>', `output form: ${TREE_FORMS.join(', ')}`)
    .argParser((text) => wordOf(text, TREE_FORMS))
    .default('text', 'text');
}

function form(text: string): Form {
  return wordOf(text, FORMS);
}

export const momentArgument = (text: string): Time => argument(() => parseMoment(text));

export function sinceOption(): Option {
  return new Option('--since <duration>', 'length of the window, as 30m or 2h; 7d at most')
    .default(undefined, "30m, or the alarm's")
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
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${words.endsWith('?') ? '' : '.'}`;
}
