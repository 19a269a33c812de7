import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateFor } from './template.ts';
import { zipOf } from './zip.ts';

const BUNDLE = 'dist/lambda';
const FOLDER = 'dist/template';

mkdirSync(FOLDER, { recursive: true });
const files = readdirSync(BUNDLE).map((name) => ({ name, content: readFileSync(join(BUNDLE, name)) }));
writeFileSync(join(FOLDER, 'alb-triage.zip'), zipOf(files));
writeFileSync(join(FOLDER, 'alb-triage.template.json'), `${JSON.stringify(templateFor(BUNDLE), null, 2)}\n`);
