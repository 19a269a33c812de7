import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Argv } from '../../lambda/incident/finding.ts';
import type { AwsCli } from './aws-cli.ts';

const REGION = 'eu-central-1';

/** An emulated account with one of each, in whose place the ids of a recorded incident are put. */
export interface Sandbox {
  /** The same command, about what is there. */
  inPlace(argv: Argv): Promise<Argv>;
}

export async function openSandbox(cli: AwsCli): Promise<Sandbox> {
  async function made(command: string, query: string): Promise<string> {
    const argv = ['aws', ...command.split(' '), '--query', query, '--output', 'text', '--region', REGION];
    const { status, said = '' } = await cli.run(argv);
    if (status !== 0) throw new Error(`${command}: ${said}`);
    return said.trim();
  }

  const vpc = await made('ec2 create-vpc --cidr-block 10.0.0.0/16', 'Vpc.VpcId');
  const otherVpc = await made('ec2 create-vpc --cidr-block 10.9.0.0/16', 'Vpc.VpcId');
  const subnets: string[] = [];
  for (const [index, zone] of ['a', 'b', 'c'].entries()) {
    const place = `--cidr-block 10.0.${index}.0/24 --availability-zone ${REGION}${zone}`;
    subnets.push(await made(`ec2 create-subnet --vpc-id ${vpc} ${place}`, 'Subnet.SubnetId'));
  }
  const gateway = await made('ec2 create-internet-gateway', 'InternetGateway.InternetGatewayId');
  await made(`ec2 attach-internet-gateway --internet-gateway-id ${gateway} --vpc-id ${vpc}`, '@');
  const group = await made(
    `elbv2 create-target-group --name group --protocol HTTP --port 80 --vpc-id ${vpc}`,
    'TargetGroups[0].TargetGroupArn',
  );
  const spare = await made(
    `elbv2 create-target-group --name spare --protocol HTTP --port 80 --vpc-id ${vpc}`,
    'TargetGroups[0].TargetGroupArn',
  );
  const loadBalancer = await made(
    `elbv2 create-load-balancer --name web --subnets ${subnets.join(' ')}`,
    'LoadBalancers[0].LoadBalancerArn',
  );
  const listener = await made(
    `elbv2 create-listener --load-balancer-arn ${loadBalancer} --protocol HTTP --port 80 --default-actions Type=forward,TargetGroupArn=${group}`,
    'Listeners[0].ListenerArn',
  );
  const rule = await made(
    `elbv2 create-rule --listener-arn ${listener} --priority 40000 --conditions Field=path-pattern,Values=/x --actions Type=forward,TargetGroupArn=${group}`,
    'Rules[0].RuleArn',
  );
  await made(
    `elbv2 create-rule --listener-arn ${listener} --priority 40001 --conditions Field=path-pattern,Values=/y --actions Type=forward,TargetGroupArn=${spare}`,
    '@',
  );
  await made(
    'autoscaling create-launch-configuration --launch-configuration-name lc --image-id ami-12c6146b --instance-type t3.micro',
    '@',
  );
  await made(
    `autoscaling create-auto-scaling-group --auto-scaling-group-name asg --launch-configuration-name lc --min-size 2 --max-size 4 --desired-capacity 2 --vpc-zone-identifier ${subnets[0]}`,
    '@',
  );
  await made('ecs create-cluster --cluster-name prod', '@');
  await made('ecs register-task-definition --family web --container-definitions name=web,image=web,memory=128', '@');
  await made('ecs create-service --cluster prod --service-name web --task-definition web:1 --desired-count 1', '@');
  const peering = await made(
    `ec2 create-vpc-peering-connection --vpc-id ${vpc} --peer-vpc-id ${otherVpc}`,
    'VpcPeeringConnection.VpcPeeringConnectionId',
  );

  const code = join(mkdtempSync(join(tmpdir(), 'alb-triage-')), 'code.zip');
  writeFileSync(code, Buffer.from(`PK\x05\x06${'\0'.repeat(18)}`));
  const role = await made('iam create-role --role-name api --assume-role-policy-document {}', 'Role.Arn');
  await made(
    `lambda create-function --function-name api --runtime nodejs22.x --handler a.b --role ${role} --zip-file fileb://${code}`,
    '@',
  );
  await made('lambda create-alias --function-name api --name live --function-version $LATEST', '@');

  /** Of each kind of id, how one is made; the same id is the same thing again. */
  const makers: readonly (readonly [RegExp, (index: number) => Promise<string>])[] = [
    [
      /\bsg-[\w-]+/g,
      (index) => made(`ec2 create-security-group --vpc-id ${vpc} --group-name g${index} --description d`, 'GroupId'),
    ],
    [
      /\bi-[\w-]+/g,
      () =>
        made(
          `ec2 run-instances --image-id ami-12c6146b --count 1 --subnet-id ${subnets[0]}`,
          'Instances[0].InstanceId',
        ),
    ],
    [/\bacl-[\w-]+/g, () => made(`ec2 create-network-acl --vpc-id ${vpc}`, 'NetworkAcl.NetworkAclId')],
    [/\brtb-[\w-]+/g, () => made(`ec2 create-route-table --vpc-id ${vpc}`, 'RouteTable.RouteTableId')],
    [
      /\bnat-[\w-]+/g,
      () =>
        made(`ec2 create-nat-gateway --subnet-id ${subnets[0]} --connectivity-type private`, 'NatGateway.NatGatewayId'),
    ],
  ];
  const known = new Map<string, string>();

  async function replaced(word: string): Promise<string> {
    let text = word
      .replace(/arn:aws:elasticloadbalancing:[\w-]+:\d+:listener-rule\/[\w/-]+/g, rule)
      .replace(/arn:aws:elasticloadbalancing:[\w-]+:\d+:listener\/[\w/-]+/g, listener)
      .replace(/arn:aws:elasticloadbalancing:[\w-]+:\d+:targetgroup\/[\w/-]+/g, (arn) => {
        known.set(arn, known.get(arn) ?? ([...known.values()].includes(group) ? spare : group));
        return known.get(arn) ?? group;
      })
      .replace(/arn:aws:elasticloadbalancing:[\w-]+:\d+:loadbalancer\/[\w/-]+/g, (arn) =>
        /\/rule/.test(arn) ? rule : loadBalancer,
      )
      .replace(/\bigw-[\w-]+/g, gateway)
      .replace(/\bpcx-[\w-]+/g, peering);
    for (const [pattern, make] of makers) {
      for (const [id] of text.matchAll(pattern)) {
        if ([...known.values()].includes(id)) continue;
        known.set(id, known.get(id) ?? (await make(known.size)));
        text = text.replaceAll(id, known.get(id) ?? id);
      }
    }
    return text;
  }

  /** Names, by the option that they follow. */
  const named: Readonly<Record<string, string>> = {
    '--auto-scaling-group-name': 'asg',
    '--cluster': 'prod',
    '--service': 'web',
    '--task-definition': 'web:1',
    '--function-name': 'api',
    '--qualifier': 'live',
    '--region': REGION,
  };

  return {
    async inPlace(argv) {
      const words: string[] = [];
      for (const [at, word] of argv.entries()) {
        const isValue = at > 2 && !word.startsWith('--');
        words.push(isValue ? (named[argv[at - 1] ?? ''] ?? (await replaced(word))) : word);
      }
      const subnetsAt = words.indexOf('--subnets');
      return subnetsAt < 0
        ? words
        : [...words.slice(0, subnetsAt + 1), ...subnets.slice(0, 2), ...words.slice(words.indexOf('--region'))];
    },
  };
}
