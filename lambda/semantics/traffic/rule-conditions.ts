/** In place of what a header or a query must hold: with CloudFront in front, that is often a secret. */
export const A_VALUE = '(a value)';

const OF_REQUEST = /^(header \S+|query string(?: \S+)?) (?:is|matches) .*$/s;

/** A condition without such a value: a snapshot that is older than this rule holds it still. */
export function conditionWithoutValue(condition: string): string {
  return isHidden(condition) ? condition : condition.replace(OF_REQUEST, `$1 is ${A_VALUE}`);
}

/** Two conditions of which that is not known may be two. */
export function isHidden(condition: string): boolean {
  return condition.endsWith(` is ${A_VALUE}`);
}
