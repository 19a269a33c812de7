import type { Time } from '../text.ts';

export interface LambdaFunction {
  /** As registered: a version or an alias may follow the name. */
  readonly arn: string;
  /** AWS knows no such function, version or alias. */
  readonly gone: boolean;
  /** `null`: gone, or not seen. */
  readonly configuration: LambdaConfiguration | null;
  /** Who may invoke it; empty where nobody was ever allowed to. `null`: gone, or not seen. */
  readonly policy: readonly PolicyStatement[] | null;
  /** Reserved concurrency, 0 switches it off. `none`: it shares the account's. `null`: not seen. */
  readonly reservedConcurrency: number | 'none' | null;
}

export interface LambdaConfiguration {
  /** Active, Pending, Inactive, Failed, … */
  readonly state: string;
  readonly stateReason: string | null;
  readonly lastUpdateStatus: string | null;
  readonly lastUpdateReason: string | null;
  readonly timeoutSeconds: number | null;
  readonly memoryMb: number | null;
  readonly modifiedAt: Time | null;
  readonly logGroup: string | null;
}

/** Of a resource policy, its one-or-many made many. */
export interface PolicyStatement {
  readonly id: string;
  readonly effect: string;
  /** Services, accounts or ARNs; `*` for everybody. */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly PolicyCondition[];
}

export interface PolicyCondition {
  /** E.g. `ArnLike`. */
  readonly operator: string;
  /** E.g. `AWS:SourceArn`. */
  readonly key: string;
  readonly values: readonly string[];
}
