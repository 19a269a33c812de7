"""The calls of one triage, one after the other: what a script of an afternoon does. `sequential.py <load balancer ARN>`"""
import datetime
import sys

try:
    import boto3
except ImportError:
    sys.exit(127)

load_balancer = sys.argv[1]
dimension = load_balancer.split("loadbalancer/")[1]
elb, ec2 = boto3.client("elbv2"), boto3.client("ec2")
autoscaling, cloudwatch = boto3.client("autoscaling"), boto3.client("cloudwatch")

vpc = elb.describe_load_balancers(LoadBalancerArns=[load_balancer])["LoadBalancers"][0]["VpcId"]
elb.describe_load_balancer_attributes(LoadBalancerArn=load_balancer)
groups = elb.describe_target_groups(LoadBalancerArn=load_balancer)["TargetGroups"]
for listener in elb.describe_listeners(LoadBalancerArn=load_balancer)["Listeners"]:
    elb.describe_rules(ListenerArn=listener["ListenerArn"])
targets = []
for group in groups:
    arn = group["TargetGroupArn"]
    targets += [each["Target"]["Id"] for each in elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]]
    elb.describe_target_group_attributes(TargetGroupArn=arn)
    elb.describe_tags(ResourceArns=[arn])
ec2.describe_instances(Filters=[{"Name": "instance-id", "Values": targets}])
ec2.describe_instance_status(InstanceIds=targets)
autoscaling.describe_auto_scaling_instances(InstanceIds=targets)
in_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
ec2.describe_security_groups(Filters=in_vpc)
ec2.describe_network_acls(Filters=in_vpc)
ec2.describe_subnets(Filters=in_vpc)
ec2.describe_route_tables(Filters=in_vpc)
ec2.describe_network_interfaces(Filters=[{"Name": "description", "Values": [f"ELB {dimension}"]}])
end = datetime.datetime.now(datetime.timezone.utc)
for metric in ["RequestCount", "HTTPCode_ELB_502_Count", "HTTPCode_ELB_503_Count", "HTTPCode_ELB_504_Count", "TargetConnectionErrorCount"]:
    of_metric = {"Namespace": "AWS/ApplicationELB", "MetricName": metric, "Dimensions": [{"Name": "LoadBalancer", "Value": dimension}]}
    query = {"Id": "m", "MetricStat": {"Metric": of_metric, "Stat": "Sum", "Period": 60}}
    cloudwatch.get_metric_data(MetricDataQueries=[query], StartTime=end - datetime.timedelta(hours=3), EndTime=end)
