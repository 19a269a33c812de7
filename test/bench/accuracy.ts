import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { causesTold, type RecordedIncident, recordedIncidents, waitingTold } from '../support/incidents.ts';

/** How often the recorded incidents are answered rightly. A row for each that falls short, then the scores. */
const answers = recordedIncidents().map((incident) => ({ incident, diagnosis: diagnose(incident.snapshot, CAUSES) }));
type Answer = (typeof answers)[number];

const causes = ({ diagnosis }: Answer, first: number): readonly string[] =>
  diagnosis.findings.slice(0, first).map(({ cause }) => cause);
const confident = ({ diagnosis }: Answer): readonly string[] =>
  diagnosis.findings.filter(({ strength }) => strength !== 'circumstantial').map(({ cause }) => cause);
const expects = ({ expected }: RecordedIncident, some: readonly string[]): boolean =>
  expected.cause.some((cause) => some.includes(cause));

const areAll = (told: readonly string[], expected: readonly string[]): boolean =>
  told.length === expected.length && expected.every((cause) => told.includes(cause));
const withCause = answers.filter(({ incident }) => incident.expected.cause.length > 0);
const withoutCause = answers.filter(({ incident }) => incident.expected.cause.length === 0);
/** A confident finding where none may be, a confident red herring, or a cause called identified that is not the one. */
const falseAlarms = answers.filter(
  (answer) =>
    (answer.incident.expected.cause.length === 0 && confident(answer).length > 0) ||
    confident(answer).some((cause) => answer.incident.expected.never.some((herring) => herring === cause)) ||
    (answer.diagnosis.verdict.status === 'identified' && !expects(answer.incident, causes(answer, 1))),
);
const wrong = answers.filter(
  (answer) =>
    !answer.incident.expected.status.includes(answer.diagnosis.verdict.status) ||
    (answer.incident.expected.cause.length > 0 && !expects(answer.incident, causes(answer, 1))) ||
    falseAlarms.includes(answer),
);

/** More than one fault: neither one too few nor one too many. */
const withSet = answers.flatMap(({ incident, diagnosis }) =>
  incident.expected.causes === undefined
    ? []
    : [{ name: incident.name, told: causesTold(diagnosis), expected: incident.expected.causes }],
);
const withWaiting = answers.flatMap(({ incident, diagnosis }) =>
  incident.expected.waiting === undefined
    ? []
    : [{ name: incident.name, told: waitingTold(diagnosis), expected: incident.expected.waiting }],
);
const notAll = (what: string, some: typeof withSet): readonly string[] =>
  some
    .filter(({ told, expected }) => !areAll(told, expected))
    .map(
      ({ name, told, expected }) => `${name}: ${what} ${told.join('+') || '-'}, expected ${expected.join('+') || '-'}`,
    );

const of = (some: readonly unknown[], all: readonly unknown[]): string => `${some.length} of ${all.length}`;
const undetermined = answers.reduce((sum, { diagnosis }) => sum + diagnosis.undetermined.length, 0);
const rows = [
  ...wrong.map(
    ({ incident, diagnosis }) =>
      `${incident.name}: ${diagnosis.verdict.status} ${diagnosis.verdict.cause ?? '-'}, expected ${incident.expected.status.join('/')} ${incident.expected.cause.join('/') || '-'}`,
  ),
  ...notAll('causes', withSet),
  ...notAll('waiting', withWaiting),
  `incidents                 ${answers.length}`,
  `right cause first         ${of(
    withCause.filter((answer) => expects(answer.incident, causes(answer, 1))),
    withCause,
  )}`,
  `among the first three     ${of(
    withCause.filter((answer) => expects(answer.incident, causes(answer, 3))),
    withCause,
  )}`,
  `nothing claimed, rightly  ${of(
    withoutCause.filter((answer) => confident(answer).length === 0),
    withoutCause,
  )}`,
  `exact set of causes       ${of(
    withSet.filter(({ told, expected }) => areAll(told, expected)),
    withSet,
  )}`,
  `told as waiting           ${of(
    withWaiting.filter(({ told, expected }) => areAll(told, expected)),
    withWaiting,
  )}`,
  `wrong with confidence     ${falseAlarms.length}`,
  `undetermined per incident ${(undetermined / answers.length).toFixed(1)} of ${CAUSES.length}`,
];
process.stdout.write(`${rows.join('\n')}\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
