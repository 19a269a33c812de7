import type { Argv } from '../../incident/finding.ts';
import type { AwsCall, Option } from '../remedy.ts';

/** The command of a call. What is run as it stands must not depend on the region that the reader's shell happens to use. */
export function awsArgv({ service, operation, options }: AwsCall, region: string): Argv {
  const words = Object.entries({ ...options, region }).flatMap(([name, value]) =>
    value === undefined ? [] : [optionName(name), ...valuesOf(value)],
  );
  return ['aws', service, ...operation.split(' '), ...words];
}

/** `targetGroupArn` as `--target-group-arn`. */
function optionName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function valuesOf(value: Option): readonly string[] {
  if (value === true) return [];
  if (Array.isArray(value)) return value.flatMap(valuesOf);
  if (typeof value !== 'object') return [String(value)];
  const fields = Object.entries(value).map(([key, field]) => `${key}=${field}`);
  return [fields.join(',')];
}
