import { expect, test } from 'vitest';
import { type Clock, spoken, spokenInFull, spokenRange } from '../../lambda/render/times.ts';

const today: Clock = { today: '2026-03-10T14:31:02Z' };
const berlin: Clock = { ...today, zone: { name: 'Europe/Berlin', offsetMinutes: 60 } };
const kolkata: Clock = { ...today, zone: { name: 'Asia/Kolkata', offsetMinutes: 330 } };

test.each([
  ['a whole minute', '2026-03-10T14:24:00Z', today, '14:24 UTC'],
  ['with seconds', '2026-03-10T14:24:31Z', today, '14:24:31 UTC'],
  ['milliseconds are nobody’s business', '2026-03-10T14:24:31.987Z', today, '14:24:31 UTC'],
  ['the last minute of yesterday', '2026-03-09T23:59:00Z', today, '2026-03-09 23:59 UTC'],
  ['the first minute of today', '2026-03-10T00:00:00Z', today, '00:00 UTC'],
  ['the reader’s own time', '2026-03-10T14:24:00Z', berlin, '14:24 UTC (15:24 Europe/Berlin)'],
  ['a half-hour zone', '2026-03-10T14:24:00Z', kolkata, '14:24 UTC (19:54 Asia/Kolkata)'],
  ['another day where the reader lives', '2026-03-10T23:24:00Z', berlin, '23:24 UTC (2026-03-11 00:24 Europe/Berlin)'],
  ['an offset instead of Z', '2026-03-10T14:24:00.000+0000', today, '14:24 UTC'],
  ['no time at all', 'yesterday', berlin, 'yesterday'],
])('%s', (_, at, clock, says) => expect(spoken(at, clock)).toBe(says));

test.each([
  ['one zone for both ends', '2026-03-10T14:00:00Z', '2026-03-10T14:30:00Z', today, '14:00 to 14:30 UTC'],
  [
    'the reader’s too',
    '2026-03-10T14:00:00Z',
    '2026-03-10T14:30:00Z',
    berlin,
    '14:00 to 14:30 UTC (15:00 to 15:30 Europe/Berlin)',
  ],
  ['another day', '2026-03-08T14:00:00Z', '2026-03-08T14:30:00Z', today, '2026-03-08 14:00 to 14:30 UTC'],
  ['over midnight', '2026-03-09T23:50:00Z', '2026-03-10T00:20:00Z', today, '2026-03-09 23:50 UTC to 00:20 UTC'],
])('a range: %s', (_, from, to, clock, says) => expect(spokenRange(from, to, clock)).toBe(says));

test('the small print has the date always', () => {
  expect(spokenInFull('2026-03-10T14:31:02Z', today)).toBe('2026-03-10 14:31:02 UTC');
});
