export interface FunctionArn {
  readonly name: string;
  readonly unqualified: string;
  /** A version or an alias; `null` for the latest code. */
  readonly qualifier: string | null;
}

/** `null` where it is not the ARN of a Lambda function. */
export function functionIn(arn: string): FunctionArn | null {
  const [, unqualified, name, qualifier] =
    /^(arn:[^:]+:lambda:[^:]+:\d+:function:([^:]+))(?::([^:]+))?$/.exec(arn) ?? [];
  if (unqualified === undefined || name === undefined) return null;
  return { name, unqualified, qualifier: qualifier ?? null };
}

/** Versions have numbers, aliases have names. */
export function isVersion({ qualifier }: FunctionArn): boolean {
  return /^\d+$/.test(qualifier ?? '');
}
