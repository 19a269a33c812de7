/** What CloudWatch sends to the function as the alarm of the bench's load balancer goes off, now. */
module.exports.alarmEvent = () => {
  const timestamp = new Date().toISOString().replace('Z', '+0000');
  const dimensions = { LoadBalancer: 'app/web/0123456789abcdef' };
  const metric = { namespace: 'AWS/ApplicationELB', name: 'HTTPCode_ELB_5XX_Count', dimensions };
  const metrics = [{ id: 'm1', metricStat: { metric, period: 60, stat: 'Sum' }, returnData: true }];
  return {
    source: 'aws.cloudwatch',
    alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:web-5xx',
    accountId: '123456789012',
    time: timestamp,
    region: 'us-east-1',
    alarmData: {
      alarmName: 'web-5xx',
      state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp },
      configuration: { metrics },
    },
  };
};
