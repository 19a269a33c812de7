import { Validations } from 'aws-cdk-lib';
import { CfnMicrosoftTeamsChannelConfiguration, SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import { type IManagedPolicy, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** By the ids that Slack shows in the links to a channel. */
export interface SlackChannel {
  /** `T0123456789`. */
  readonly workspaceId: string;
  /** `C0123456789`. */
  readonly channelId: string;
}

/** By the ids that Teams shows in the link to a channel. */
export interface TeamsChannel {
  readonly tenantId: string;
  readonly teamId: string;
  /** `19:0123abcd@thread.tacv2`, or as the link has it, with `%3A` and `%40`. */
  readonly channelId: string;
}

interface ChatProps {
  readonly slack?: SlackChannel | undefined;
  readonly teams?: TeamsChannel | undefined;
  readonly permissionsBoundary?: IManagedPolicy | undefined;
}

/** Lets the channel read the cards, and nobody in it do more than look at metrics. */
export function chatChannels(scope: Construct, topic: ITopic, { slack, teams, permissionsBoundary }: ChatProps): void {
  if (slack === undefined && teams === undefined) return;
  const inside = new Construct(scope, 'Chat');
  const looks = ManagedPolicy.fromAwsManagedPolicyName('CloudWatchReadOnlyAccess');
  const role = new Role(inside, 'Role', {
    assumedBy: new ServicePrincipal('chatbot.amazonaws.com'),
    managedPolicies: [looks],
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
  });
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/CloudWatchReadOnlyAccess]',
    reason: 'AWS keeps it up to date, and it only reads.',
  });
  const name = scope.node.addr.slice(-8);
  if (slack !== undefined) {
    new SlackChannelConfiguration(inside, 'Slack', {
      slackChannelConfigurationName: `alb-triage-slack-${name}`,
      slackWorkspaceId: slack.workspaceId,
      slackChannelId: slack.channelId,
      notificationTopics: [topic],
      role,
      // Without one, whoever is in the channel could do all that the role may, and more once somebody widens it.
      guardrailPolicies: [looks],
    });
  }
  if (teams !== undefined) {
    new CfnMicrosoftTeamsChannelConfiguration(inside, 'Teams', {
      configurationName: `alb-triage-teams-${name}`,
      iamRoleArn: role.roleArn,
      teamsTenantId: teams.tenantId,
      teamId: teams.teamId,
      // AWS takes it as the link to the channel has it.
      teamsChannelId: teams.channelId.replace(':', '%3A').replace('@', '%40'),
      snsTopicArns: [topic.topicArn],
      guardrailPolicies: [looks.managedPolicyArn],
    });
  }
}
