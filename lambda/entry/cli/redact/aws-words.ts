/**
 * Words of the sentences that AWS writes, and that judging reads. Where a name is one of them, a sentence does not tell
 * whether it is meant: there it stays, and tells nobody anything.
 */
export const AWS_WORDS: ReadonlySet<string> = new Set(
  `a access accessdenied active activity actual additional again agent alarm alb all allow allowed alreadyexists
  amazon an and app application are argument arn asked at attachment attempt auth authorize authorized auto
  autoscaling autoscalinggroup availability available aws back balancer balancing basic be been before begun between
  blocked body breaker by can canceled cannot cannotpullcontainererror capacity cgroup changed changing check checks
  choosing circuit client closed cloud cloud-init code codes com command completed condition config configuration
  connect connection connectionrefused connections consistently constraint constraints container containerruntime
  containerruntimeerror containers content continuing controller could count cpu credentials cross currently data
  database deadline default delete deleted denied deny deployment deregistered deregistration describe desired
  detach detaching dial did difference different digest directory disabled disk do docker does done download
  draining due duplicate ec2 ecs eks elb enable enabled endpoint eni err error errors essential
  essentialcontainerexited event exceeded exception exist exit exited expired failed failing failover failure fatal
  file final find first for forbidden found from function functions gateway get group groups has have header health
  healthy host http https i id idle image in inactive increasing indicating information init initial initiated
  instance instances insufficient interface internal internalerror interrupt interrupted interruption invalid io is
  isolated issue it java job kernel key kill killed lacks lambda launch launched launching left level lib limit
  limits linux list listener load loading localhost locate login lookup manifest manually match matches max mem-info
  memory merging message metadata metrics min minute minutes missing modify module monitor more mount moving my name
  nat needing needs network new nginx no node none not null of old on one only oom oom-kill oom-killer or order our
  out outofmemoryerror output package panic path permission permissions pid place platform please pod pods policy
  port primary process progress provisioning pull python query rdsnetworkinterface reached read ready reason
  rebalance reboot received recommendation redshift reference refresh refused region register registered remaining
  replaced replacement repo repository request requested requests reserved reset resolution resolve resolved
  resolving resource resourceinitializationerror resources response restart restarted retried retrieve retry reverse
  rollback rolled rolling route run runbook running scale scaling scheduled script scripts second seconds see send
  sent server service services session set settings shutdown since space specifying spot spotinstancetermination
  stage standby start started starting startup state statement status steady stop stopped stopping subnet subnets
  successfully such sufficient suspended svc swap syncing syntax system systemd taken target target-group targets
  task tasks tcp temporary terminate terminated terminating termination test that the there these this threshold
  throttled throttling time timed timeout timeouts tls to total-vm traffic transit triggered try type udp uid unable
  unauthorized unavailable unhandled unhealthy unit unknown unreachable up update updated upstream usage used user
  userinitiatedshutdown using valid var vcpu version volume waiting warning was we were when which will window with
  within write wrong xlarge yaml you your zone`
    .split(/\s+/)
    .filter((word) => word !== ''),
);
