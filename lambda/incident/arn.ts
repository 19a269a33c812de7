/** `arn:partition:service:region:account:resource`; a resource may hold colons itself, as `alarm:a:b` does. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  readonly resource: string;
}

export function arnIn(text: string): Arn | undefined {
  const [arn, partition, service, region, accountId, ...rest] = text.split(':');
  const resource = rest.join(':');
  if (arn !== 'arn' || !partition || !service || region === undefined || accountId === undefined) return undefined;
  // It becomes a part of hosts' names.
  if (!/^[a-z0-9-]{0,40}$/.test(region)) return undefined;
  return resource === '' ? undefined : { partition, service, region, accountId, resource };
}
