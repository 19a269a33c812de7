import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { resource, text, time } from '../../lambda/incident/text.ts';
import { asString, renderJson } from '../../lambda/render/json.ts';
import { ALL, identified } from './diagnoses.ts';
import { reportSchema, strict } from './report-schema.ts';

const schema = reportSchema();
const asPublished = new Ajv({ allowUnionTypes: true }).compile(schema);
const ofNamedFields = new Ajv({ allowUnionTypes: true }).compile(strict(schema) as object);

test('the published schema is the type', async () => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`, '`npm run accept` writes it').toMatchFileSnapshot(
    '../../docs/report.schema.json',
  );
});

describe.each(ALL)('the report: %s', (_, diagnosis) => {
  const report = renderJson(diagnosis);

  test('fits the published schema, and has no field that it does not name', () => {
    expect(ofNamedFields(report), JSON.stringify(ofNamedFields.errors)).toBe(true);
  });

  test('survives being written and read', () => expect(JSON.parse(JSON.stringify(report))).toEqual(report));

  test('gives the same bytes whatever the order of the fields was', () => {
    const { cost, verdict, kind, ...rest } = diagnosis;
    expect(JSON.stringify(renderJson({ cost, ...rest, kind, verdict }))).toBe(JSON.stringify(report));
  });
});

test.each([
  ['a field is missing', { ...renderJson(identified), verdict: undefined }],
  ['a cause is not in the catalogue', { ...renderJson(identified), ruledOut: [{ cause: 'gremlins', because: 'x' }] }],
  ['a count is a string', { ...renderJson(identified), symptoms: { ...identified.symptoms, requests: '6120' } }],
])('the schema refuses a report in which %s', (_, report) => {
  expect(asPublished(JSON.parse(JSON.stringify(report)))).toBe(false);
});

test('the schema lets a field be that a later version adds', () => {
  expect(asPublished({ ...renderJson(identified), seasonality: { count: 2 } })).toBe(true);
});

test('words have no mark-up, and times stay as machines write them', () => {
  const says = text`${resource('i-1')} stopped at ${time('2026-03-10T14:24:00Z')}`;
  expect(asString(says)).toBe('i-1 stopped at 2026-03-10T14:24:00Z');
});
