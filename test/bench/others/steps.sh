#!/usr/bin/env bash
# What a person does by hand when a load balancer answers 5xx: its state, connectivity, the metrics, the configuration, the
# network, and who changed it. `steps.sh <load balancer ARN>`
set -euo pipefail
command -v aws >/dev/null || exit 127
lb=$1
ask() { aws "$@" --output json; }
text() { aws "$@" --output text; }

groups=$(text elbv2 describe-target-groups --load-balancer-arn "$lb" --query 'TargetGroups[].TargetGroupArn')
vpc=$(text elbv2 describe-load-balancers --load-balancer-arns "$lb" --query 'LoadBalancers[0].VpcId')
ask elbv2 describe-load-balancer-attributes --load-balancer-arn "$lb" >/dev/null
listeners=$(text elbv2 describe-listeners --load-balancer-arn "$lb" --query 'Listeners[].ListenerArn')
for listener in $listeners; do ask elbv2 describe-rules --listener-arn "$listener" >/dev/null; done
for group in $groups; do
  targets=$(text elbv2 describe-target-health --target-group-arn "$group" --query 'TargetHealthDescriptions[].Target.Id')
  ask elbv2 describe-target-group-attributes --target-group-arn "$group" >/dev/null
  ask elbv2 describe-tags --resource-arns "$group" >/dev/null
done
ids=$(tr '\t' ',' <<<"$targets")
ask ec2 describe-instances --filters "Name=instance-id,Values=$ids" >/dev/null
# The identifiers are one argument each.
# shellcheck disable=SC2086
ask ec2 describe-instance-status --instance-ids $targets >/dev/null
ask autoscaling describe-auto-scaling-instances >/dev/null
ask ec2 describe-security-groups --filters "Name=vpc-id,Values=$vpc" >/dev/null
ask ec2 describe-network-acls --filters "Name=vpc-id,Values=$vpc" >/dev/null
ask ec2 describe-subnets --filters "Name=vpc-id,Values=$vpc" >/dev/null
ask ec2 describe-route-tables --filters "Name=vpc-id,Values=$vpc" >/dev/null
ask ec2 describe-network-interfaces --filters "Name=description,Values=ELB ${lb#*loadbalancer/}" >/dev/null
now=$(date -u +%Y-%m-%dT%H:%M:00Z)
before=$(date -u -d '3 hours ago' +%Y-%m-%dT%H:%M:00Z)
for metric in RequestCount HTTPCode_ELB_502_Count HTTPCode_ELB_503_Count HTTPCode_ELB_504_Count TargetConnectionErrorCount; do
  ask cloudwatch get-metric-data --start-time "$before" --end-time "$now" --metric-data-queries \
    "[{\"Id\":\"m\",\"MetricStat\":{\"Metric\":{\"Namespace\":\"AWS/ApplicationELB\",\"MetricName\":\"$metric\",\"Dimensions\":[{\"Name\":\"LoadBalancer\",\"Value\":\"${lb#*loadbalancer/}\"}]},\"Stat\":\"Sum\",\"Period\":60}}]" >/dev/null
done
