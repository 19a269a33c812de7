import { inTable } from '../incident/in-table.ts';

type Level = 'info' | 'error';
type Facts = Readonly<Record<string, unknown>>;

/** One line of JSON for each event, which CloudWatch Logs Insights reads field by field. */
export interface Log {
  info(message: string, facts: Facts): void;
  error(message: string, facts: Facts): void;
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
  const write = (level: Level) => (message: string, facts: Facts) => {
    if (OF_LEVEL[level] < (rankOf(process.env.LOG_LEVEL ?? '') ?? OF_LEVEL.info)) return;
    const head = { level: level.toUpperCase(), message, timestamp: new Date().toISOString(), service: 'alb-triage' };
    const ids = { durationMs: Math.round(performance.now() - started), requestId };
    process.stdout.write(`${inJson({ ...head, ...facts, ...ids }) ?? inJson({ ...head, ...ids })}\n`);
  };
  return { info: write('info'), error: write('error') };
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
