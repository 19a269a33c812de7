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
  // No name ends in a hyphen; half of one that was typed may, and is told what it may be.
  if (/^[a-z0-9][a-z0-9-]{0,31}$/i.test(name)) return { by: 'name', name };
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

function byDnsName(given: string): Reference {
  const host = hostNameIn(given);
  if (host !== undefined && isOwnName(host)) return { by: 'dns', dnsName: host };
  throw new InvalidInput(`${EXPECTED} (<name>-<number>.<region>.elb.amazonaws.com), found ${shape(given)}`);
}

const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const HOST = new RegExp(`^(?:https?://)?(${LABEL}(?:[.]${LABEL})+)[.]?(?::\\d{1,5})?(?:[/?#].*)?$`);

/** DNS names know no case; `dualstack.` is the same load balancer by IPv4 and IPv6; a trailing dot is the DNS root. */
export function hostNameIn(text: string): string | undefined {
  const host = HOST.exec(text.trim().toLowerCase())?.[1]?.replace(/^dualstack\./, '');
  return host === undefined || host.length > 253 ? undefined : host;
}

/** A DNS name that AWS gave to a load balancer, and not one of somebody's own that leads to it. */
export function isOwnName(host: string): boolean {
  return OWN_NAME.test(host);
}

/** The domains of AWS's partitions, and that of an emulator. */
const OWN_NAME =
  /[.]elb[.](?:[a-z0-9-]+[.])?(?:amazonaws[.]com(?:[.]cn)?|amazonaws[.]eu|(?:c2s|csp[.]hci)[.]ic[.]gov|sc2s[.]sgov[.]gov|cloud[.]adc-e[.]uk|localhost[.]localstack[.]cloud)$/;

/** The region a reference itself tells; `null` where only the configuration of the session does. */
export function regionOf(about: Reference): string | null {
  if (about.by === 'arn' || about.by === 'target-group') return arnIn(about.arn)?.region || null;
  if (about.by === 'alarm') return about.alarms.map((alarm) => arnIn(alarm)?.region).find(Boolean) ?? null;
  if (about.by === 'dns') {
    // A Network Load Balancer has it on the other side.
    const [, before, after] =
      /(?:[.]([a-z]{2,4}(?:-[a-z]+)+-\d))?[.]elb[.](?:([a-z]{2,4}(?:-[a-z]+)+-\d)[.])?/.exec(about.dnsName) ?? [];
    return before ?? after ?? null;
  }
  return null;
}
