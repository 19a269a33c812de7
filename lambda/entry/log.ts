import { inTable } from '../incident/in-table.ts';

/** Of the function's own metrics: where CloudWatch has them, and by what it tells functions apart; the alarms of the construct name both. */
const NAMESPACE = 'alb-triage';
const FUNCTION = 'FunctionName';
/** In milliseconds; the others are counts. */
const DURATION = 'Duration';

type Level = 'info' | 'error';
type Facts = Readonly<Record<string, unknown>>;

/** By their names in CloudWatch. */
type Metrics = Readonly<Record<string, number>>;

/** One line of JSON for each event, which CloudWatch Logs Insights reads field by field; CloudWatch makes metrics of what is given. */
export interface Log {
  info(message: string, facts: Facts, metrics?: Metrics): void;
  error(message: string, facts: Facts, metrics?: Metrics): void;
}

/** `LOG_LEVEL`, by the names that Lambda and its loggers use. What is below is not written. */
const RANKS: Readonly<Record<string, number>> = {
  TRACE: 0,
  DEBUG: 0,
  INFO: 1,
  WARN: 2,
  ERROR: 3,
  CRITICAL: 4,
  FATAL: 4,
  SILENT: 5,
};
const OF_LEVEL = { info: 1, error: 3 } as const;

/** `undefined` for a level that is none. */
export function rankOf(level: string): number | undefined {
  return inTable(RANKS, level.trim().toUpperCase());
}

export function openLog(requestId: string): Log {
  const started = performance.now();
  const write = (level: Level) => (message: string, facts: Facts, metrics?: Metrics) => {
    const least = rankOf(process.env.LOG_LEVEL ?? '') ?? OF_LEVEL.info;
    const isWritten = OF_LEVEL[level] >= least;
    // Who wants fewer lines wants to know no less how the function fares.
    if (!isWritten && (metrics === undefined || least === RANKS.SILENT)) return;
    const head = { level: level.toUpperCase(), message, timestamp: new Date().toISOString(), service: 'alb-triage' };
    const durationMs = Math.round(performance.now() - started);
    const ids = { durationMs, requestId, ...(metrics === undefined ? {} : embedded(metrics)) };
    process.stdout.write(
      `${inJson({ ...head, ...(isWritten ? facts : {}), ...ids }) ?? inJson({ ...head, ...ids })}\n`,
    );
  };
  return { info: write('info'), error: write('error') };
}

/** CloudWatch's embedded metric format. */
function embedded(metrics: Metrics): Facts {
  const Metrics = Object.keys(metrics).map((Name) => ({ Name, Unit: Name === DURATION ? 'Milliseconds' : 'Count' }));
  const CloudWatchMetrics = [{ Namespace: NAMESPACE, Dimensions: [[FUNCTION]], Metrics }];
  const name = process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'alb-triage';
  return { _aws: { Timestamp: Date.now(), CloudWatchMetrics }, [FUNCTION]: name, ...metrics };
}

/** `undefined` for what leads back to itself: that must not cost the line. */
function inJson(line: Facts): string | undefined {
  try {
    return JSON.stringify(line, withErrors);
  } catch {
    return undefined;
  }
}

/** An error has no fields of its own that JSON would show. */
function withErrors(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { ...value, name, message, stack, cause };
}
