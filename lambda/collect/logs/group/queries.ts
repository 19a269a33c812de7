import type { LogFormat, LogKind } from '../../../incident/evidence.ts';

/**
 * Queries of CloudWatch Logs Insights, which reads groups of every class. Lines are told apart by how they look: whichever
 * way a delivery writes, a field's name or its place says what it is.
 */

const FROM_HERE = String.raw`app\/[^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+ [^ ]+ `;
const CODE = String.raw`("elb_status_code"\s*:\s*"?|${FROM_HERE})`;
/** What is read line by line; all else is counted by the service. */
const FAILED = `/${CODE}(5\\d\\d|46\\d)/`;
const ACCESS = `/${CODE}\\d\\d\\d/`;

const OF_LOG: Readonly<Record<LogKind, string>> = {
  access: FAILED,
  connection: String.raw`/("listener_port"|^\d{4}-\d\d-\d\dT[^ ]+ [^ ]+ \d+ \d+ )/`,
  healthCheck: String.raw`/("reason_code"|^[a-z0-9]+ \d{4}-[^ ]+ [^ ]+ [^ ]+ [^ ]+ (PASS|FAIL) )/`,
};

export const LINES_AT_MOST = 10_000;

/** The lines themselves, the newest first. */
export function linesQuery(log: LogKind, dimension: string): string {
  return `fields @message | filter ${isOf(dimension)} and @message like ${OF_LOG[log]} | sort @timestamp desc | limit ${LINES_AT_MOST}`;
}

/** How often by minute, code, target and group what is not read line by line is there. */
export function countsQuery(dimension: string, format: LogFormat): string {
  const rest = `filter ${isOf(dimension)} and @message like ${ACCESS} and @message not like ${FAILED}`;
  const fields = format === 'plain' ? `${PLAIN} | ` : '';
  const actions = format === 'plain' ? '' : ', actions_executed';
  return `${rest} | ${fields}stats count(*) as requests by elb_status_code, target_status_code, target_port, target_group_arn${actions}, bin(1m) as minute | limit ${LINES_AT_MOST}`;
}

const PLAIN = [
  `parse @message '* * * * * * * * * * *' as type, time, elb, client_port, target_port, t1, t2, t3, elb_status_code, target_status_code, rest`,
  String.raw`parse @message /(?<target_group_arn>arn:[^ ]+:targetgroup\/[^ ]+)/`,
].join(' | ');

function isOf(dimension: string): string {
  return `@message like /${dimension.replaceAll('/', '\\/')}/`;
}
