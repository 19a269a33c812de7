import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

const REGION = 'eu-central-1';

/** A load balancer with a listener, and a target group that the listener sends to. */
export interface Service {
  readonly loadBalancer: string;
  readonly dnsName: string;
  readonly listener: string;
  readonly targetGroup: string;
}

export interface Network {
  readonly vpcId: string;
  readonly subnets: readonly string[];
  readonly securityGroup: string;
}

/** Puts things up in the emulated account, as a team would. */
export function stageAt(endpoint: string, region = REGION) {
  const config = { endpoint, region, credentials: { accessKeyId: 'wire', secretAccessKey: 'wire' } };
  const elb = new ElasticLoadBalancingV2Client(config);
  const ec2 = new EC2Client(config);
  const cloudWatch = new CloudWatchClient(config);
  const sns = new SNSClient(config);
  const sqs = new SQSClient(config);

  return {
    /** Two zones, and a security group that admits everything from within. */
    async network(): Promise<Network> {
      const vpcId = given((await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId);
      const subnets: string[] = [];
      for (const [index, zone] of ['a', 'b'].entries()) {
        const { Subnet } = await ec2.send(
          new CreateSubnetCommand({
            VpcId: vpcId,
            CidrBlock: `10.0.${index}.0/24`,
            AvailabilityZone: `${region}${zone}`,
          }),
        );
        subnets.push(given(Subnet?.SubnetId));
      }
      const { GroupId } = await ec2.send(
        new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: 'open', Description: 'open' }),
      );
      const ipPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/16' }] }];
      await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: ipPermissions }));
      return { vpcId, subnets, securityGroup: given(GroupId) };
    },

    async service(name: string, { vpcId, subnets, securityGroup }: Network): Promise<Service> {
      const { LoadBalancers } = await elb.send(
        new CreateLoadBalancerCommand({ Name: name, Subnets: [...subnets], SecurityGroups: [securityGroup] }),
      );
      const loadBalancer = given(LoadBalancers?.[0]?.LoadBalancerArn);
      const targetGroup = await this.targetGroup(name, vpcId);
      const { Listeners } = await elb.send(
        new CreateListenerCommand({
          LoadBalancerArn: loadBalancer,
          Protocol: 'HTTP',
          Port: 80,
          DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroup }],
        }),
      );
      const listener = given(Listeners?.[0]?.ListenerArn);
      return { loadBalancer, dnsName: given(LoadBalancers?.[0]?.DNSName), listener, targetGroup };
    },

    async targetGroup(name: string, vpcId: string) {
      const { TargetGroups } = await elb.send(
        new CreateTargetGroupCommand({ Name: name, VpcId: vpcId, Protocol: 'HTTP', Port: 8080 }),
      );
      return given(TargetGroups?.[0]?.TargetGroupArn);
    },

    async rule(listener: string, priority: number, targetGroup: string) {
      await elb.send(
        new CreateRuleCommand({
          ListenerArn: listener,
          Priority: priority,
          Conditions: [{ Field: 'path-pattern', Values: [`/${priority}/*`] }],
          Actions: [{ Type: 'forward', TargetGroupArn: targetGroup }],
        }),
      );
    },

    async instances(count: number, { subnets, securityGroup }: Network) {
      const { Instances = [] } = await ec2.send(
        new RunInstancesCommand({
          ImageId: 'ami-12c6146b',
          InstanceType: 't3.micro',
          MinCount: count,
          MaxCount: count,
          SubnetId: subnets[0],
          SecurityGroupIds: [securityGroup],
        }),
      );
      return Instances.map(({ InstanceId }) => given(InstanceId));
    },

    async register(targetGroup: string, instances: readonly string[]) {
      const targets = instances.map((id) => ({ Id: id, Port: 8080 }));
      await elb.send(new RegisterTargetsCommand({ TargetGroupArn: targetGroup, Targets: targets }));
    },

    async stop(instances: readonly string[]) {
      await ec2.send(new StopInstancesCommand({ InstanceIds: [...instances] }));
    },

    async remove(loadBalancer: string) {
      await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: loadBalancer }));
    },

    async networkLoadBalancer(name: string, { subnets }: Network) {
      const { LoadBalancers } = await elb.send(
        new CreateLoadBalancerCommand({ Name: name, Subnets: [...subnets], Type: 'network' }),
      );
      return given(LoadBalancers?.[0]?.DNSName);
    },

    async loadBalancers(names: readonly string[], { subnets }: Network) {
      for (const name of names) await elb.send(new CreateLoadBalancerCommand({ Name: name, Subnets: [...subnets] }));
    },

    async alarm(name: string, loadBalancer: string) {
      await cloudWatch.send(
        new PutMetricAlarmCommand({
          AlarmName: name,
          AlarmDescription: 'staged',
          Namespace: 'AWS/ApplicationELB',
          MetricName: 'HTTPCode_ELB_5XX_Count',
          Dimensions: [{ Name: 'LoadBalancer', Value: loadBalancer.replace(/.*:loadbalancer\//, '') }],
          Statistic: 'Sum',
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 5,
          ComparisonOperator: 'GreaterThanThreshold',
        }),
      );
    },

    /** A topic, and a queue that hears of all that is published on it. */
    async topic(name: string) {
      const topicArn = given((await sns.send(new CreateTopicCommand({ Name: name }))).TopicArn);
      const queueUrl = given((await sqs.send(new CreateQueueCommand({ QueueName: name }))).QueueUrl);
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
      );
      await sns.send(
        new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: given(Attributes?.QueueArn) }),
      );
      return { topicArn, queueUrl };
    },

    /** The next message in a queue: what SNS delivered. */
    async received(queueUrl: string) {
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 1 }));
      const [message] = Messages ?? [];
      if (message === undefined) return undefined;
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
      return JSON.parse(given(message.Body));
    },
  };
}

/** AWS's answers hold these; the SDK's types cannot promise it. */
function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the emulator left out what AWS always gives');
  return value;
}
