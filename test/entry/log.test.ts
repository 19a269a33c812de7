import { afterEach, expect, test, vi } from 'vitest';
import { openLog } from '../../lambda/entry/log.ts';

const written: string[] = [];
vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
  written.push(String(line));
  return true;
});
afterEach(() => {
  written.length = 0;
  vi.unstubAllEnvs();
});

/** The one line that was written. */
function line() {
  expect(written).toEqual([expect.stringMatching(/^[^\n]*\n$/)]);
  return JSON.parse(written[0] ?? '');
}

test('an event is one line of JSON with what finds it', () => {
  openLog('r-1').info('triaged', { status: 'quiet', text: 'two\nlines' });
  expect(line()).toEqual({
    level: 'INFO',
    message: 'triaged',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    service: 'alb-triage',
    status: 'quiet',
    text: 'two\nlines',
    durationMs: expect.any(Number),
    requestId: 'r-1',
  });
});

test('an error is told whole, with what it comes from', () => {
  const cause = Object.assign(new Error('refused'), { code: 'AccessDenied' });
  openLog('r-1').error('not answered', { error: new TypeError('not sent', { cause }) });
  expect(line()).toMatchObject({
    level: 'ERROR',
    error: {
      name: 'TypeError',
      message: 'not sent',
      stack: expect.stringContaining('log.test.ts'),
      cause: { name: 'Error', message: 'refused', code: 'AccessDenied' },
    },
  });
});

test('what JSON cannot hold keeps no line back', () => {
  const error = Object.assign(new Error('x'), { self: {} });
  error.self = error;
  openLog('r-1').error('not answered', { error });
  expect(line()).toMatchObject({ message: 'not answered', level: 'ERROR' });
});

test.each([
  [undefined, 2],
  ['info', 2],
  ['DEBUG', 2],
  ['LOUD', 2],
  ['WARN', 1],
  ['ERROR', 1],
  ['CRITICAL', 0],
  ['SILENT', 0],
])('LOG_LEVEL %s writes %i of an event and an error', (level, lines) => {
  vi.stubEnv('LOG_LEVEL', level);
  const log = openLog('r-1');
  log.info('triaged', {});
  log.error('not answered', {});
  expect(written).toHaveLength(lines);
});

const METRICS = { Triages: 1, Calls: 28, Duration: 900 };
const EMBEDDED = {
  _aws: {
    Timestamp: expect.any(Number),
    CloudWatchMetrics: [
      {
        Namespace: 'alb-triage',
        Dimensions: [['FunctionName']],
        Metrics: [
          { Name: 'Triages', Unit: 'Count' },
          { Name: 'Calls', Unit: 'Count' },
          { Name: 'Duration', Unit: 'Milliseconds' },
        ],
      },
    ],
  },
  FunctionName: 'triage-web',
  ...METRICS,
};

test('CloudWatch reads the metrics out of the same line', () => {
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'triage-web');
  openLog('r-1').info('triaged', { status: 'quiet' }, METRICS);
  expect(line()).toMatchObject({ status: 'quiet', ...EMBEDDED });
});

test('and has them where only what failed is written, without the rest; not where nothing is', () => {
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'triage-web');
  vi.stubEnv('LOG_LEVEL', 'ERROR');
  openLog('r-1').info('triaged', { status: 'quiet' }, METRICS);
  expect(line()).toMatchObject(EMBEDDED);
  expect(line()).not.toHaveProperty('status');
  written.length = 0;
  vi.stubEnv('LOG_LEVEL', 'SILENT');
  openLog('r-1').info('triaged', { status: 'quiet' }, METRICS);
  expect(written).toEqual([]);
});
