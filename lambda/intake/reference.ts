import { arnIn } from '../incident/arn.ts';
import type { Reference } from '../incident/question.ts';
import { InvalidInput, shape } from './input-errors.ts';

const EXPECTED = "expected a load balancer's name, ARN or DNS name";

/** How a person names a load balancer: its name, its ARN (or one of its parts'), or its DNS name. */
export function parseReference(text: string): Reference {
  const given = text.trim();
  if (/^arn:/i.test(given)) return byArn(given);
  if (given.includes('.')) return byDnsName(given);
  // The value of CloudWatch's dimension, copied from an alarm: it holds neither account nor region.
  const dimension = /^(?:app|net|gwy)\/([^/]+)\/[0-9a-f]+$/.exec(given)?.[1];
  const name = dimension ?? given;
  if (/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/i.test(name)) return { by: 'name', name };
  throw new InvalidInput(`${EXPECTED}, found ${shape(text)}`);
}

function byArn(given: string): Reference {
  const arn = arnIn(given);
  if (arn?.service === 'cloudwatch' && arn.resource.startsWith('alarm:')) return { by: 'alarm', alarms: [given] };
  if (arn?.service === 'elasticloadbalancing') {
    const { resource } = arn;
    if (resource.startsWith('loadbalancer/')) return { by: 'arn', arn: given };
    if (resource.startsWith('targetgroup/')) return { by: 'target-group', arn: given };
    const [, kind, name, id] = /^listener(?:-rule)?\/([^/]+)\/([^/]+)\/([^/]+)\//.exec(resource) ?? [];
    if (kind && name && id) {
      return { by: 'arn', arn: `${given.slice(0, -resource.length)}loadbalancer/${kind}/${name}/${id}` };
    }
  }
  throw new InvalidInput(`${EXPECTED}, found the ARN of something else: ${shape(given)}`);
}

/** DNS names know no case; `dualstack.` is the same load balancer by IPv4 and IPv6; a trailing dot is the DNS root. */
function byDnsName(given: string): Reference {
  const host = /^(?:https?:\/\/)?([a-z0-9.-]+?)\.?(?::\d+)?(?:\/.*)?$/i.exec(given)?.[1]?.toLowerCase();
  if (host?.split('.').includes('elb')) return { by: 'dns', dnsName: host.replace(/^dualstack\./, '') };
  throw new InvalidInput(`${EXPECTED} (<name>-<number>.<region>.elb.amazonaws.com), found ${shape(given)}`);
}

/** The region a reference itself tells; `null` where only the configuration of the session does. */
export function regionOf(about: Reference): string | null {
  if (about.by === 'arn' || about.by === 'target-group') return arnIn(about.arn)?.region || null;
  if (about.by === 'alarm') return about.alarms.map((alarm) => arnIn(alarm)?.region).find(Boolean) ?? null;
  if (about.by === 'dns') return /\.([a-z]{2,4}(?:-[a-z]+)+-\d)\.elb\./.exec(about.dnsName)?.[1] ?? null;
  return null;
}
