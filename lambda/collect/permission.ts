/** What a policy must allow, on `*` or on what matches the pattern of an ARN. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resource: string;
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
