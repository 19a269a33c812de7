import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { STACK_NAME, TemplateStack } from './template-stack.ts';

/** A CloudFormation template of the construct, for a function that is built in `bundle`. */
export function templateFor(bundle: string): object {
  const outdir = mkdtempSync(join(tmpdir(), 'alb-triage-'));
  try {
    const app = new App({ outdir, analyticsReporting: false });
    new TemplateStack(app, { bundle });
    return withStackName(app.synth().getStackByName(STACK_NAME).template);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The CDK wants to know a stack's name; the template is told it as it is deployed. */
function withStackName<T>(value: T): T;
function withStackName(value: unknown): unknown {
  if (typeof value === 'string') {
    const [first, ...others] = value.split(STACK_NAME);
    if (others.length === 0) return value;
    const parts = [first, ...others.flatMap((other) => [{ Ref: 'AWS::StackName' }, other])];
    return { 'Fn::Join': ['', parts.filter((part) => part !== '')] };
  }
  if (Array.isArray(value)) return value.map((one) => withStackName(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withStackName(one)]));
}
