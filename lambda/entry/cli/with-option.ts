import { InvalidArgumentError, Option } from 'commander';
import type { Beyond } from '../../incident/question.ts';
import { InvalidInput, listed, meant, parseLogPlace, parseLogPlaces } from '../../intake/index.ts';
import { type Shell, WrongUsage } from './shell.ts';

/** Of the contract, and not built. */
const TO_COME = ['probe', 'host', 'pods'];
const THERE = ['logs'];

/** `--with logs`, and where they are: `--with logs=s3://bucket/prefix,logs=/aws/vendedlogs/web`. */
export function withOption(): Option {
  return new Option(
    '--with <evidence>',
    'also read the access logs: logs, or logs=<s3://bucket/prefix or log group>',
  ).argParser((text: string, earlier: Beyond | undefined) => beyondWith(text, earlier ?? {}));
}

function beyondWith(text: string, earlier: Beyond): Beyond {
  return text.split(',').reduce((beyond, word) => withWord(word.trim(), beyond), earlier);
}

function withWord(word: string, beyond: Beyond): Beyond {
  const [, name = '', place] = /^([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  if (TO_COME.includes(name)) throw new InvalidArgumentError(`${name} is not built yet: use ${listed(THERE, 'or')}.`);
  if (name !== 'logs') throw new InvalidArgumentError(hintOf(name));
  const places = beyond.logs?.places ?? [];
  if (place === undefined) return { ...beyond, logs: { places } };
  try {
    return { ...beyond, logs: { places: [...places, parseLogPlace(place)] } };
  } catch (error) {
    if (error instanceof InvalidInput) throw new InvalidArgumentError(`${error.message}.`);
    throw error;
  }
}

function hintOf(name: string): string {
  const near = meant(name, [...THERE, ...TO_COME]);
  return near === undefined ? `Use ${listed(THERE, 'or')}.` : `${near.charAt(0).toUpperCase()}${near.slice(1)}`;
}

/** What was asked for, at the places that the environment names where the option names none. */
export function beyondAsked(asked: Beyond | undefined, { env }: Pick<Shell, 'env'>): { readonly beyond?: Beyond } {
  if (asked?.logs === undefined) return {};
  if (asked.logs.places.length > 0) return { beyond: asked };
  try {
    return { beyond: { ...asked, logs: { places: parseLogPlaces(env.TRIAGE_LOGS ?? '') } } };
  } catch (error) {
    if (error instanceof InvalidInput) throw new WrongUsage(`TRIAGE_LOGS: ${error.message}`);
    throw error;
  }
}

/** A policy names what it allows: it takes a place. */
export function placesForPolicy(asked: Beyond | undefined, shell: Pick<Shell, 'env'>): Beyond | undefined {
  const { beyond } = beyondAsked(asked, shell);
  if (beyond?.logs?.places.length === 0) {
    throw new WrongUsage('policy --with logs: say where they are: --with logs=s3://bucket/prefix, or a log group');
  }
  return beyond;
}
