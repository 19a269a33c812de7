export const LOG_KINDS = ['access', 'connection', 'healthCheck'] as const;
export type LogKind = (typeof LOG_KINDS)[number];

/**
 * `text`: as the load balancer writes it to a bucket; the others are vended logs. `null` where a setting names the place
 * and nobody says how it is written there.
 */
export type LogFormat = 'text' | 'json' | 'plain' | 'w3c' | 'parquet' | 'raw' | null;

/** Where one of the logs goes, and who says so: the load balancer's attributes, a delivery of CloudWatch Logs, a setting. */
export interface LogPlace {
  readonly log: LogKind;
  readonly kind: 'bucket' | 'logGroup' | 'stream';
  /** `s3://bucket/prefix`, the name of a log group, the ARN of a stream or of a destination that could not be read. */
  readonly place: string;
  readonly said: 'attribute' | 'delivery' | 'setting';
  readonly format: LogFormat;
  /** Whose it is, where that is another account than the load balancer's. */
  readonly accountId: string | null;
  /** The fields that a vended log leaves out of those that judging asks for. */
  readonly lacks: readonly string[];
  /** The layout of objects in a bucket, where it is not the default one of vended logs. */
  readonly suffixPath?: string;
  readonly hive?: true;
}

/**
 * Where the logs are, as far as that was asked. `off`: the attribute says so, and no delivery was seen; only where the
 * deliveries themselves were seen is it known that there is none.
 */
export interface LogPlaces {
  readonly places: readonly LogPlace[];
  readonly off: readonly LogKind[];
}
