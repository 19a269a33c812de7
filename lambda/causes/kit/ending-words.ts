import type { Ending } from '../../incident/evidence.ts';
import { type Text, text } from '../../incident/text.ts';

/** How a request ended, by what its line in the access log says, in words. */
export const ENDED: Readonly<Record<Ending, Text>> = {
  answered: text`the target answered so itself`,
  'connection-failed': text`the target refused or reset the connection at once`,
  'broke-off': text`the connection ended before the request was sent`,
  'connect-timeout': text`nothing answered the load balancer for ten seconds`,
  silent: text`the target had the request, and did not answer`,
  'closed-at-once': text`the target closed the connection as the request came`,
  closed: text`the target closed the connection before it answered`,
  'bad-answer': text`the target answered, with what the load balancer does not take`,
  'not-passed-on': text`the target answered otherwise`,
  'no-target': text`no target of the group could be chosen`,
  'fixed-response': text`a listener rule answers so`,
  redirect: text`a listener rule redirects`,
  waf: text`the web ACL answers so`,
  'waf-failed': text`AWS WAF could not be asked`,
  authentication: text`authentication failed`,
  lambda: text`the function failed, or its invocation`,
  'client-left': text`the client left`,
  'client-fault': text`the client's request was refused`,
  unexplained: text`how, its lines do not tell`,
};
