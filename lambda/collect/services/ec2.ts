import {
  DescribeApplicationStatusChecksCommand,
  DescribeApplicationStatusCommand,
  DescribeInstanceCreditSpecificationsCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  GetConsoleOutputCommand,
  GetManagedPrefixListEntriesCommand,
} from '@aws-sdk/client-ec2';
import { openService } from '../service.ts';

/** It allows 100 and 20 a second for each read. */
const ec2 = openService({
  name: 'ec2',
  client: (config) => new EC2Client(config),
  limit: { concurrency: 10, burst: 50, perSecond: 15 },
  paging: { from: 'NextToken', into: 'NextToken' },
});

export const describeInstances = ec2.paged('DescribeInstances', () => DescribeInstancesCommand);
export const describeInstanceStatus = ec2.paged('DescribeInstanceStatus', () => DescribeInstanceStatusCommand);
export const describeApplicationStatus = ec2.paged('DescribeApplicationStatus', () => DescribeApplicationStatusCommand);
export const describeApplicationStatusChecks = ec2.paged(
  'DescribeApplicationStatusChecks',
  () => DescribeApplicationStatusChecksCommand,
);
export const describeInstanceCreditSpecifications = ec2.paged(
  'DescribeInstanceCreditSpecifications',
  () => DescribeInstanceCreditSpecificationsCommand,
);
export const getConsoleOutput = ec2.operation('GetConsoleOutput', () => GetConsoleOutputCommand);

export const describeNetworkInterfaces = ec2.paged('DescribeNetworkInterfaces', () => DescribeNetworkInterfacesCommand);
export const describeSecurityGroups = ec2.paged('DescribeSecurityGroups', () => DescribeSecurityGroupsCommand);
export const describeNetworkAcls = ec2.paged('DescribeNetworkAcls', () => DescribeNetworkAclsCommand);
export const describeRouteTables = ec2.paged('DescribeRouteTables', () => DescribeRouteTablesCommand);
export const getManagedPrefixListEntries = ec2.paged(
  'GetManagedPrefixListEntries',
  () => GetManagedPrefixListEntriesCommand,
);
export const describeSubnets = ec2.paged('DescribeSubnets', () => DescribeSubnetsCommand);
