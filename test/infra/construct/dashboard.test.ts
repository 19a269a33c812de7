import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { AlbTriage } from '../../../infra/construct/alb-triage.ts';
import type { AlbTriageProps } from '../../../infra/construct/props.ts';
import { LOAD_BALANCER_METRICS, TARGET_GROUP_METRICS } from '../../../lambda/incident/evidence/metrics.ts';
import { aBundle, aStack, SHOP, WEB } from '../a-stack.ts';

const bundle = aBundle();

/** The body of the one there is, as CloudWatch reads it: where a name is made at deployment, its logical id. */
function bodyOf(props: AlbTriageProps, later: (triage: AlbTriage) => void = () => {}) {
  const stack = aStack();
  later(new AlbTriage(stack, 'Default', { bundle, dashboard: true, ...props }));
  const [found, ...others] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  expect(others).toEqual([]);
  const { DashboardBody } = found?.Properties ?? {};
  const text = typeof DashboardBody === 'string' ? DashboardBody : joined(DashboardBody['Fn::Join'][1]);
  return JSON.parse(text) as { readonly widgets: readonly Widget[] };
}

interface Widget {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly title?: string; readonly markdown?: string; readonly metrics?: readonly unknown[] };
}

const joined = (parts: readonly unknown[]): string =>
  parts.map((part) => (typeof part === 'string' ? part : 'made-at-deployment')).join('');

const sectionsOf = ({ widgets }: { readonly widgets: readonly Widget[] }) =>
  widgets.flatMap(({ properties }) => properties.markdown ?? []);

describe('the dashboard', () => {
  test('has a section for each load balancer, one that is watched later among them', () => {
    const body = bodyOf({ loadBalancers: [{ loadBalancerArn: WEB }] }, (triage) =>
      triage.watch({ loadBalancerArn: SHOP }),
    );
    expect(sectionsOf(body)).toEqual(['## web', '## shop']);
    expect(JSON.stringify(body)).toContain('app/shop/73e2d6bc24d8a067');
  });

  test('asks for metrics that AWS has', () => {
    const text = JSON.stringify(bodyOf({ loadBalancers: [{ loadBalancerArn: WEB }], everyLoadBalancer: true }));
    const named = [
      ...Array.from(text.matchAll(/"AWS\/ApplicationELB","(\w+)"/g), ([, name]) => name),
      ...Array.from(text.matchAll(/MetricName=\\+"(\w+)/g), ([, name]) => name),
    ];
    // Of clients' handshakes no triage asks.
    const known: readonly string[] = [
      'ClientTLSNegotiationErrorCount',
      ...[LOAD_BALANCER_METRICS, TARGET_GROUP_METRICS].flatMap((of) => Object.values(of).map(([name]) => name)),
    ];
    expect(new Set(named).size).toBeGreaterThan(12);
    expect(named.filter((name) => !known.includes(name ?? ''))).toEqual([]);
  });

  test('shows the idle timeout that is said, of all or of one', () => {
    const [web, shop] = [{ loadBalancerArn: WEB }, { loadBalancerArn: SHOP }];
    const of = (props: AlbTriageProps, own?: Duration) =>
      JSON.stringify(bodyOf(props, (triage) => triage.watch(shop, own === undefined ? {} : { idleTimeout: own })));
    expect(of({})).not.toContain('idle timeout');
    expect(of({ loadBalancers: [web], idleTimeout: Duration.seconds(60) })).toMatch(
      /"value":60,[^}]*"idle timeout"|"idle timeout"[^}]*"value":60/,
    );
    expect(of({ loadBalancers: [web] }, Duration.seconds(30))).toMatch(/"value":30/);
  });

  test('searches for every load balancer', () => {
    const body = bodyOf({ everyLoadBalancer: true });
    expect(sectionsOf(body)).toEqual(['## Every load balancer']);
    expect(JSON.stringify(body)).toContain('SEARCH(');
  });

  test('lays out no two graphs in one place', () => {
    const { widgets } = bodyOf({ loadBalancers: [{ loadBalancerArn: WEB }, { loadBalancerArn: SHOP }] });
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, at) => `${x + (at % width)} ${y + Math.floor(at / width)}`),
    );
    expect(widgets.every(({ x, width }) => x + width <= 24)).toBe(true);
    expect(new Set(cells).size).toBe(cells.length);
  });
});

test('its address and what its viewers must be allowed are outputs', () => {
  const stack = aStack();
  const triage = new AlbTriage(stack, 'Default', { bundle, dashboard: true });
  const outputs = Template.fromStack(stack).findOutputs('*');
  const [url, policy] = ['Url', 'Policy'].map(
    (end) => Object.entries(outputs).find(([name]) => name.includes(end))?.[1],
  );
  expect(JSON.stringify(url)).toContain(
    'https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/',
  );
  expect(JSON.parse(policy?.Value).Statement[0].Action).toContain('cloudwatch:GetDashboard');
  expect(triage.dashboard).toBeDefined();
});

test('there is none unless it is asked for', () => {
  const stack = aStack();
  const triage = new AlbTriage(stack, 'Default', { bundle, loadBalancers: [{ loadBalancerArn: WEB }] });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  expect(Object.keys(template.findOutputs('*')).filter((name) => /Dashboard|Viewer/.test(name))).toEqual([]);
  expect(triage.dashboard).toBeUndefined();
});
