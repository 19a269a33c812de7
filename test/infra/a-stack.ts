import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AlbTriage } from '../../infra/construct/alb-triage.ts';
import type { AlbTriageProps } from '../../infra/construct/props.ts';
import { temporaryFolder } from '../support/temporary.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';
export const WEB = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/app/web/50dc6c495c0c9188`;
export const SHOP = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/app/shop/73e2d6bc24d8a067`;
export const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:oncall`;
export const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** A folder such as the build leaves. */
export function aBundle(): string {
  const bundle = temporaryFolder();
  writeFileSync(join(bundle, 'index.cjs'), 'exports.handler = async () => {};\n');
  return bundle;
}

/** Without feature flags, as somebody else's may be. */
export function anApp(): App {
  return new App({ outdir: temporaryFolder() });
}

export function aStack(): Stack {
  return new Stack(anApp(), 'AlbTriage', { env: { account: ACCOUNT, region: REGION } });
}

/** What is deployed of the construct, in a stack that may hold more. */
export function deployed(props: Partial<AlbTriageProps> & Pick<AlbTriageProps, 'bundle'>, stack = aStack()): Template {
  new AlbTriage(stack, 'Default', { loadBalancers: [{ loadBalancerArn: WEB }], ...props });
  return Template.fromStack(stack);
}

/** The IAM statements of a template's policies. */
export function statementsOf(template: Template): readonly Statement[] {
  const policies = Object.values(template.findResources('AWS::IAM::Policy'));
  return policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}
