import fc from 'fast-check';

/** `npm run fuzz` sets it: other runs each time, and many. A failure prints its seed and path; `FUZZ_SEED` repeats it. */
const IS_FUZZ = process.env.FUZZ !== undefined;

/** Each time the same few in `npm test`, so that it fails only for what was changed. */
export function runs(inTest: number, inFuzz: number) {
  const seed = process.env.FUZZ_SEED === undefined ? undefined : Number(process.env.FUZZ_SEED);
  if (!IS_FUZZ) return { numRuns: inTest, seed: 12 };
  return { numRuns: inFuzz, ...(seed === undefined ? {} : { seed }) };
}

/** Milliseconds of processor time so far: a machine that is busy with others takes no more of it. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What somebody may write into a name, a tag, a description or a message, to make a reader or a machine do something. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'a\nevilcmd --now',
    'a\r\n\r\nevilcmd --now\r\n',
    'evilcmd --now; evilcmd $(evilcmd) `evilcmd` && evilcmd | evilcmd > /dev/null',
    'evilcmd --now '.repeat(40),
    '\u001b[2J\u001b]8;;http://evil.example\u0007evilcmd\u001b]8;;\u0007\u009b31m',
    '<x-evil onevil="evilcmd">&lt;</x-evil><!-- --><style>',
    '"\' onevil=evilcmd x="',
    '*evil* _evil_ ~evil~ `evil` ```evil <!channel> <@U1> <http://evil.example|evil> @here',
    '[evil](http://evil.example) ![evil](http://evil.example/x.png) # evil\n# evil\n- evil | evil',
    'a\u202eevilcmd\u202c\u2066\u200b\u200d\ufeff\u2028evilcmd\u2029',
    '\ud83d\udca9'.repeat(200),
    'a\ud83d',
    '\udca9\u0000\u007f\u0085',
    '--server=evilcmd',
    '-evilcmd',
    '--cli-input-json=file:///evilcmd',
    'file:///evilcmd',
    '__proto__',
    'constructor',
    'toString',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: for whoever reads it as one.
    '{{evilcmd}} ${evilcmd} %evilcmd% %s %n',
    ',Key=evilcmd,Value="evilcmd',
    'x'.repeat(10_000),
    'x y '.repeat(2_500),
    '',
    ' ',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'\'"\\$`!*?[]{}()<>|&;#~=-_@,: \n\t\r\u001b\u202eaé/\u2028'), maxLength: 60 }),
);

const UNITS = ['[', '0', ' ', ', ', '(', '.', ':', '/', '"', '-', 'a ', '0 ', 'http://', '<', '\\', 'ab: '];

/** Texts of a quarter of a megabyte, each of one letter or word over and over. */
export const MONOTONE = (IS_FUZZ ? UNITS : UNITS.slice(0, 4)).map((unit) =>
  unit.repeat(Math.ceil(250_000 / unit.length)),
);
