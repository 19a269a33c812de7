export interface WebAcl {
  readonly arn: string;
  readonly name: string;
  /** What answers 5xx on purpose to requests that it blocks: a rule of the web ACL by name, or its default action. */
  readonly blocksWith5xx: readonly { readonly rule: string; readonly statusCode: string }[];
}
