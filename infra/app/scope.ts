import { ALARM, LOAD_BALANCER } from '../construct/checks.ts';
import { type Context, flagIn, InvalidContext, listIn, textIn } from './context.ts';

/** What is triaged, and where that is. */
export interface Triaged {
  readonly loadBalancerArns: readonly string[];
  readonly everyLoadBalancer: boolean;
  readonly alarmArns: readonly string[];
  readonly alarmTopicArns: readonly string[];
  /** Of the load balancers, and so of the stack. */
  readonly account: string;
  readonly region: string;
}

const ANY = /^/;
const OTHER_LOAD_BALANCER =
  /^arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:loadbalancer\/(?!app\/)(?:(net|gwy)\/)?[\w-]+/;
const OTHER_KINDS: Readonly<Record<string, string>> = { net: 'Network', gwy: 'Gateway' };
export const TOPIC = /^arn:[\w-]+:sns:([\w-]+):\d{12}:[\w-]+$/;

const IN_ONE_PLACE = 'deploy another stack, with -c stackName, for the others';

/** Alarms must be where their load balancers are: so must the stack. */
export function triagedIn(context: Context): Triaged {
  const loadBalancerArns = loadBalancersIn(context);
  const everyLoadBalancer = flagIn(context, 'everyLoadBalancer');
  const alarmArns = listIn(context, 'alarm', ALARM, 'ARNs of CloudWatch alarms');
  const alarmTopicArns = listIn(context, 'alarmTopicArn', TOPIC, 'ARNs of SNS topics that alarms publish to');
  const arns = [...loadBalancerArns, ...alarmArns, ...alarmTopicArns];
  if (arns.length === 0 && !everyLoadBalancer) {
    const ways = `${LOAD_BALANCERS}; or -c everyLoadBalancer=true, -c alarm=<arn>, -c alarmTopicArn=<arn>`;
    throw new InvalidContext('loadBalancer', ways, undefined);
  }
  const [first = ''] = arns;
  const [, , , region = regionIn(context), account = accountIn(context)] = first.split(':');
  const elsewhere = arns.find((arn) => arn.split(':')[3] !== region || arn.split(':')[4] !== account);
  if (elsewhere !== undefined) {
    const [name, what] = loadBalancerArns.includes(elsewhere)
      ? ['loadBalancer', 'load balancers']
      : [alarmArns.includes(elsewhere) ? 'alarm' : 'alarmTopicArn', 'alarms and load balancers'];
    throw new InvalidContext(
      name,
      `${what} of one account and Region (${account}, ${region}): ${IN_ONE_PLACE}`,
      elsewhere,
    );
  }
  return { loadBalancerArns, everyLoadBalancer, alarmArns, alarmTopicArns, account, region };
}

const LOAD_BALANCERS =
  'the ARN of an Application Load Balancer (arn:aws:elasticloadbalancing:<region>:<account>:loadbalancer/app/<name>/<id>), or several with commas between';

function loadBalancersIn(context: Context): readonly string[] {
  const other = listIn(context, 'loadBalancer', ANY, LOAD_BALANCERS).find((arn) => OTHER_LOAD_BALANCER.test(arn));
  if (other === undefined) return listIn(context, 'loadBalancer', LOAD_BALANCER, LOAD_BALANCERS);
  const [, kind] = OTHER_LOAD_BALANCER.exec(other) ?? [];
  const isNot = `${LOAD_BALANCERS}, not that of a ${OTHER_KINDS[kind ?? ''] ?? 'Classic'} one`;
  throw new InvalidContext('loadBalancer', isNot, other);
}

/** Where no ARN says it: of the credentials that deploy. */
function regionIn(context: Context): string {
  const region =
    textIn(context, 'region', /^[a-z]{2,}(-[a-z]+)+-\d$/, 'a Region such as eu-central-1') ??
    process.env.CDK_DEFAULT_REGION;
  if (region === undefined)
    throw new InvalidContext('region', 'a Region such as eu-central-1, or one in the configuration', undefined);
  return region;
}

function accountIn(context: Context): string {
  const account =
    textIn(context, 'account', /^\d{12}$/, 'the 12 digits of an account') ?? process.env.CDK_DEFAULT_ACCOUNT;
  if (account === undefined)
    throw new InvalidContext('account', 'the 12 digits of an account, or credentials of it', undefined);
  return account;
}
