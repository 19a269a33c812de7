import type { Action as Described, Rule, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Action, ListenerRule } from '../../incident/evidence.ts';
import { seen } from '../../incident/observed.ts';
import { A_VALUE } from '../../semantics/traffic/rule-conditions.ts';
import { inBatches } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { describeRules } from '../services/elastic-load-balancing.ts';

export const listenerRules = defineCollector({
  key: 'listenerRules',
  worth: 'much',
  after: ['listeners'],
  actions: [describeRules.action],
  async collect(_question, { listeners }, aws) {
    if (!listeners.seen) return unseenLike(listeners, 'the listeners');
    const arns = listeners.value.map((listener) => listener.arn);
    const { items, gaps } = await inBatches(arns, 1, async ([ListenerArn = '']) => {
      const rules = await aws.pages(describeRules, { ListenerArn }, (answer) => answer.Rules);
      return { items: rules.items.map((rule) => ruleOf(rule, ListenerArn)).sort(byPriority), gaps: rules.gaps };
    });
    // The rules of a listener that is not known are not known either.
    return seen(items, [...listeners.gaps, ...gaps]);
  },
});

function ruleOf(rule: Rule, listenerArn: string): ListenerRule {
  const priority = Number(rule.Priority);
  return {
    arn: rule.RuleArn ?? '',
    listenerArn,
    priority: rule.IsDefault === true || Number.isNaN(priority) ? null : priority,
    actions: [...(rule.Actions ?? [])].sort(byOrder).map(actionOf),
    conditions: (rule.Conditions ?? []).map(conditionOf),
  };
}

/** AWS writes priorities as text, and the default rule goes last. */
function byPriority(one: ListenerRule, other: ListenerRule): number {
  return (one.priority ?? Number.MAX_SAFE_INTEGER) - (other.priority ?? Number.MAX_SAFE_INTEGER);
}

function byOrder(one: Described, other: Described): number {
  return (one.Order ?? 0) - (other.Order ?? 0);
}

function actionOf(action: Described): Action {
  if (action.Type === 'fixed-response') {
    const { StatusCode = '', MessageBody } = action.FixedResponseConfig ?? {};
    return { type: 'fixed-response', statusCode: StatusCode, ...(MessageBody ? { body: MessageBody } : {}) };
  }
  if (action.Type !== 'forward') {
    const hosts = providersOf(action);
    return { type: 'other', name: action.Type ?? '', ...(hosts.length === 0 ? {} : { hosts }) };
  }
  const groups = action.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: action.TargetGroupArn }];
  return {
    type: 'forward',
    to: groups.map((group) => ({
      targetGroup: group.TargetGroupArn ?? '',
      weight: 'Weight' in group ? (group.Weight ?? 1) : 1,
    })),
  };
}

/** Users' browsers go to the authorization endpoint; these are asked by the load balancer itself. */
function providersOf({ AuthenticateOidcConfig: oidc, AuthenticateCognitoConfig, JwtValidationConfig }: Described) {
  const urls = [oidc?.TokenEndpoint, oidc?.UserInfoEndpoint, JwtValidationConfig?.JwksEndpoint];
  const hosts = [...urls.map((url) => (URL.canParse(url ?? '') ? new URL(url ?? '').hostname : undefined))];
  return [...new Set([...hosts, AuthenticateCognitoConfig?.UserPoolDomain])].filter((host) => host !== undefined);
}

/**
 * Newer rules carry regular expressions instead of values, and every kind its own field. What a header or a query must
 * hold may be a secret, and is not kept.
 */
function conditionOf(condition: RuleCondition): string {
  const header = condition.HttpHeaderConfig;
  if (header !== undefined) return is(`header ${header.HttpHeaderName}`, [A_VALUE]);
  const query = condition.QueryStringConfig?.Values;
  if (query !== undefined) {
    const keys = new Set(query.map(({ Key }) => (Key ? `query string ${Key}` : 'query string')));
    return [...keys].map((key) => is(key, [A_VALUE])).join(' or ');
  }
  const { PathPatternConfig: path, HostHeaderConfig: host } = condition;
  switch (condition.Field) {
    case 'path-pattern':
      return is('path', path?.Values ?? condition.Values, path?.RegexValues);
    case 'host-header':
      return is('host', host?.Values ?? condition.Values, host?.RegexValues);
    case 'http-request-method':
      return is('method', condition.HttpRequestMethodConfig?.Values);
    case 'source-ip':
      return is('source IP', condition.SourceIpConfig?.Values);
    default:
      return is(condition.Field ?? 'condition', condition.Values);
  }
}

function is(what: string, values: readonly string[] = [], patterns: readonly string[] = []): string {
  const wanted = values.length > 0 ? `is ${values.join(' or ')}` : `matches ${patterns.join(' or ')}`;
  return `${what} ${wanted}`;
}
