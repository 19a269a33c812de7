/** What had to be seen for an answer, and was not. */
export interface NotSeen {
  readonly kind:
    | 'security-group'
    | 'network-acl'
    | 'route-table'
    | 'prefix-list'
    | 'subnet'
    | 'interface'
    | 'instance'
    | 'nat-gateway';
  readonly id: string;
}

/** Each once, in the order they were missed. */
export function withoutRepeats(notSeen: readonly NotSeen[]): readonly NotSeen[] {
  return [...new Map(notSeen.map((one) => [`${one.kind} ${one.id}`, one])).values()];
}
