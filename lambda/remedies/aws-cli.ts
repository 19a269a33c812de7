import type { Argv, Fix } from '../incident/finding.ts';
import type { Text } from '../incident/text.ts';
import type { Call, Option, Remedy } from './remedy.ts';

/** A remedy with its calls written down as commands, each to be run as it stands. */
export function written(remedy: Remedy, region: string): Fix<Text> {
  const { does, step, changes, managedBy } = remedy;
  return {
    does,
    ...(step === undefined ? {} : { step }),
    run: commandOf(remedy.run, region),
    changes,
    undo: commandOf(remedy.undo, region),
    verify: commandOf(remedy.verify, region),
    ...(managedBy === undefined ? {} : { managedBy }),
  };
}

/** What is run as it stands must not depend on the region that the reader's shell happens to use. */
function commandOf(call: Call | null, region: string): Argv | null {
  if (call === null) return null;
  if (!('tool' in call)) return call[0] === 'aws' ? [...call, '--region', region] : call;
  if (call.tool === 'kubectl') return ['kubectl', ...call.words];
  const options = Object.entries({ ...call.options, region }).flatMap(([name, value]) =>
    value === undefined ? [] : [optionName(name), ...valuesOf(value)],
  );
  return ['aws', call.service, ...call.operation.split(' '), ...options];
}

/** `targetGroupArn` as `--target-group-arn`. */
function optionName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function valuesOf(value: Option): readonly string[] {
  if (value === true) return [];
  if (Array.isArray(value)) return value.flatMap(valuesOf);
  if (typeof value !== 'object') return [String(value)];
  return [
    Object.entries(value)
      .map(([key, field]) => `${key}=${field}`)
      .join(','),
  ];
}
