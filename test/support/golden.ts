import type { CauseId } from '../../lambda/incident/cause.ts';
import type { Diagnosis, Missing } from '../../lambda/incident/diagnosis.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { asString, renderJson } from '../../lambda/render/json.ts';
import { plainText, wrap } from '../../lambda/render/plain.ts';
import { renderSms } from '../../lambda/render/sms.ts';
import { unseenBlocks } from '../../lambda/render/story/unseen.ts';

/**
 * What is told of an incident, less what hangs on causes that were not found: those stand in `incidents/by-cause`, so
 * that a new cause alters the report of no incident but where it is found. The mail, the text message, and the JSON.
 */
export function incidentReport(diagnosis: Diagnosis): string {
  return [
    withoutOtherCauses(renderEmail(diagnosis)),
    'TEXT MESSAGE',
    withoutOtherCauses(renderSms(diagnosis)),
    '',
    'JSON',
    ...inLines(toldOfFindings(diagnosis)),
    '',
  ].join('\n');
}

/** The mail with an ellipsis where it counts or names causes that were ruled out or could not be judged. */
export function withoutOtherCauses(mail: string): string {
  return mail
    .split(/\n\n(?=[A-Z][A-Z ]+\n|Read at )/)
    .map((section) => ELLIPSES.reduce(elided, section))
    .flatMap((section, index) => (index === 0 ? [section] : ofFindings(section)))
    .join('\n\n');
}

/** Wrapped as they come: a space is any white space. */
const ELLIPSES: readonly RegExp[] = [
  /(?<=independent signals agree, )(?:and the alternatives were ruled out|but \d+ other causes? could not be judged)\./,
  /(?<=[Ii]t fits what was seen, )but (?:other causes may fit too|nothing proves it)\./,
  /(?<=no cause found: )\d+ causes? ruled out, [^.]*\.(?: Not judged: [^.]*\.)?/,
  /(?<= by alb-triage [^;]*)(?:; not seen, or not whole: [\s\S]*)?\.(?=\s*$)/,
].map(({ source }) => new RegExp(source.replaceAll(' ', '\\s+')));

function elided(said: string, ellipsis: RegExp): string {
  return said.replace(ellipsis, '…');
}

function ofFindings(section: string): readonly string[] {
  const [heading] = section.split('\n', 1);
  if (heading === 'COVERAGE' || heading === 'RULED OUT') return [];
  if (heading !== 'NOT SEEN') return [section];
  const lines = [...unseenCalls(section), ...(/^To see more, allow [\s\S]*/m.exec(section) ?? [])];
  return lines.length === 0 ? [] : [['NOT SEEN', ...lines].join('\n')];
}

/** Evidence of which nothing was seen lacks to every cause that needs it; which of them comes first, makes the order. */
function unseenCalls(section: string): readonly string[] {
  return [
    ...section.matchAll(
      /^- [^(:]+: (?:AWS throttled|\S+ (?:was denied|was throttled|was not answered|did not answer|failed))\b(?:.|\n {2})*/gm,
    ),
  ]
    .map(([item]) =>
      item
        .replace(/\s+/g, ' ')
        .replace(/ So (?:not judged: .*|\d+ causes could not be judged\.)$/, ' So not judged: …'),
    )
    .sort()
    .flatMap((item) => wrap(item, 200, '', '  '));
}

function toldOfFindings(diagnosis: Diagnosis): object {
  const {
    schemaVersion: _schema,
    tool: _tool,
    ruledOut: _ruledOut,
    notApplicable: _notApplicable,
    undetermined: _undetermined,
    coverage: { denied },
    // The mail has them whole.
    links: _links,
    ...told
  } = renderJson(diagnosis);
  return { ...told, denied };
}

const WIDTH = 100;

/** JSON in few lines: what is short, or a list of plain values, stands in one. */
function inLines(value: object): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => (isShort(item) ? [JSON.stringify(item)] : inLines(item)).map(indented('- ')));
  }
  return Object.entries(value).flatMap(([key, item]) =>
    isShort(item) ? [`${key}: ${JSON.stringify(item)}`] : [`${key}:`, ...inLines(item).map(indented('  '))],
  );
}

function indented(first: string) {
  return (line: string, index: number): string => `${index === 0 ? first : '  '}${line}`;
}

function isShort(value: unknown): boolean {
  return typeof value !== 'object' || value === null || JSON.stringify(value).length <= WIDTH || isPlainList(value);
}

function isPlainList(value: object): boolean {
  return Array.isArray(value) && value.every((item) => typeof item !== 'object');
}

/** What one cause answered, in a line. */
export function answerOf(cause: CauseId, diagnosis: Diagnosis): string {
  const findings = diagnosis.findings.filter((finding) => finding.cause === cause);
  const ruledOut = diagnosis.ruledOut.find((one) => one.cause === cause);
  const notApplicable = diagnosis.notApplicable.find((one) => one.cause === cause);
  const undetermined = diagnosis.undetermined.find((one) => one.cause === cause);
  const broken = diagnosis.broken.find((one) => one.cause === cause);
  return [
    ...findings.map(({ strength, headline }) => `found ${strength} · ${asString(headline)}`),
    ...(ruledOut ? [`ruled out: ${asString(ruledOut.because)}`] : []),
    ...(notApplicable ? [`not applicable: ${asString(notApplicable.because)}`] : []),
    ...(undetermined ? [`undetermined: ${undetermined.missing.map((one) => missed(one, diagnosis)).join('; ')}`] : []),
    ...(broken ? [`broken: ${broken.error}`] : []),
  ].join(' | ');
}

/** In the words of the mail, which do not always tell why. */
function missed(missing: Missing, diagnosis: Diagnosis): string {
  const [item] = unseenBlocks({ ...diagnosis, undetermined: [{ cause: 'nothing-listening', missing: [missing] }] });
  const told = item?.is === 'item' ? plainText(item.what, { today: diagnosis.collectedAt }) : '';
  return `${told.replace(/\. So not judged: .*$/, '')} (${missing.why})`;
}
