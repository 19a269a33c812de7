import type { Argv } from '../../incident/finding.ts';
import { code, listed, resource, text } from '../../incident/text.ts';
import { type ControlledResource, namespaceSaid } from '../kubernetes/controlled-resources.ts';
import { type AwsCall, asCall, type Call, fix, kubectl, type Option, type PlainCall, type Remedy } from '../remedy.ts';

export function kubectlArgv({ tool, words }: PlainCall): Argv {
  return [tool, ...words];
}

const DOMAIN = 'alb.ingress.kubernetes.io';

/** What a load balancer controller sets from an annotation of the ingress, by the option of a target group that it sets. */
const ANNOTATIONS: Readonly<Record<string, string>> = {
  healthCheckPath: 'healthcheck-path',
  healthCheckPort: 'healthcheck-port',
  healthCheckProtocol: 'healthcheck-protocol',
  healthCheckTimeoutSeconds: 'healthcheck-timeout-seconds',
  healthCheckIntervalSeconds: 'healthcheck-interval-seconds',
  healthyThresholdCount: 'healthy-threshold-count',
  unhealthyThresholdCount: 'unhealthy-threshold-count',
};

/** One annotation holds all attributes: a command that sets one of them would drop the others. */
const LISTS: Readonly<Record<string, string>> = {
  'modify-load-balancer-attributes': 'load-balancer-attributes',
  'modify-target-group-attributes': 'target-group-attributes',
};

/**
 * The lasting twin of a call that sets what the controller sets from annotations: the controller puts back whatever is
 * set in AWS alone.
 */
export function annotationTwins(remedy: Remedy, kept: ControlledResource): readonly Remedy[] {
  const call = asCall(remedy.run);
  if (call?.service !== 'elbv2') return [];
  const list = LISTS[call.operation];
  if (list !== undefined) return [inList(list, attributesIn(call), kept, remedy)];
  const set = annotationsIn(call);
  if (call.operation !== 'modify-target-group' || set.length === 0) return [];
  const before = annotationsIn(asCall(remedy.undo));
  const { does, verify } = remedy;
  return [annotationFix(kept, set, { does, undo: before.length === set.length ? before : null, verify })];
}

/** Sets annotations on the ingress, by a command where the tags name it. */
export function annotationFix(
  { name, names }: ControlledResource,
  set: readonly Annotation[],
  { does, undo, verify }: Pick<Remedy, 'does' | 'verify'> & { readonly undo: readonly Annotation[] | 'remove' | null },
): Remedy {
  const { ingress, namespace } = names;
  if (ingress === null) {
    const on = text`the ingress or the service behind ${resource(name)} (${namespaceSaid(names)})`;
    return fix(text`${does}: annotate ${on} with ${listed(set.map((one) => code(assigned(one))))}`, { verify });
  }
  const annotate = (values: readonly string[]): Call =>
    kubectl('annotate', 'ingress', ingress, '--namespace', namespace, '--overwrite', ...values);
  const back = undo === 'remove' ? set.map((one) => `${DOMAIN}/${one.name}-`) : undo?.map(assigned);
  return fix(
    text`${does}, for good: by the annotation of ingress ${resource(ingress)} (for all its services), and in its manifest`,
    { run: annotate(set.map(assigned)), undo: back && annotate(back), verify },
  );
}

export interface Annotation {
  readonly name: string;
  readonly value: string;
}

function assigned({ name, value }: Annotation): string {
  return `${DOMAIN}/${name}=${value}`;
}

function annotationsIn(call: AwsCall | null): readonly Annotation[] {
  return Object.entries(call?.options ?? {}).flatMap(([option, value]) => {
    const name = ANNOTATIONS[option];
    return name === undefined ? [] : listOf(value).map((one) => ({ name, value: String(one) }));
  });
}

/** `Key=Value` for each attribute that is set. */
function attributesIn({ options }: AwsCall): readonly string[] {
  return listOf(options.attributes).flatMap((one) => (typeof one === 'object' ? [`${one.Key}=${one.Value}`] : []));
}

function listOf(value: Option | undefined): Exclude<Option, true | readonly unknown[]>[] {
  return value === undefined || value === true ? [] : [value].flat();
}

function inList(
  annotation: string,
  attributes: readonly string[],
  { name, names }: ControlledResource,
  { does, verify }: Remedy,
): Remedy {
  const on =
    names.ingress === null ? text`the ingress behind ${resource(name)}` : text`ingress ${resource(names.ingress)}`;
  return fix(
    text`${does}, for good: put ${listed(attributes.map(code))} into annotation ${code(`${DOMAIN}/${annotation}`)} of ${on} in ${namespaceSaid(names)}, beside what it holds`,
    { verify },
  );
}
