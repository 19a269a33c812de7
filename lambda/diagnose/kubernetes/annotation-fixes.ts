import type { Argv, Fix } from '../../incident/finding.ts';
import { code, listed, resource, type Text, text } from '../../incident/text.ts';
import { type ControlledResource, namespaceSaid } from './controlled-resources.ts';

const DOMAIN = 'alb.ingress.kubernetes.io';

/** What a load balancer controller sets from an annotation of the ingress, by the option of `aws elbv2` that sets it. */
const OPTIONS: Readonly<Record<string, string>> = {
  '--health-check-path': 'healthcheck-path',
  '--health-check-port': 'healthcheck-port',
  '--health-check-protocol': 'healthcheck-protocol',
  '--health-check-timeout-seconds': 'healthcheck-timeout-seconds',
  '--health-check-interval-seconds': 'healthcheck-interval-seconds',
  '--healthy-threshold-count': 'healthy-threshold-count',
  '--unhealthy-threshold-count': 'unhealthy-threshold-count',
};

/**
 * The lasting twin of a command that sets what the controller sets from annotations: the controller puts back whatever
 * is set in AWS alone.
 */
export function annotationTwins(fix: Fix<Text>, kept: ControlledResource): readonly Fix<Text>[] {
  if (fix.run === null || fix.run[0] !== 'aws' || fix.run[1] !== 'elbv2') return [];
  const attributes = attributesIn(fix.run);
  if (attributes !== null) return [inList(attributes, kept, fix)];
  const set = annotationsIn(fix.run);
  if (fix.run[2] !== 'modify-target-group' || set.length === 0) return [];
  const before = fix.undo === null ? [] : annotationsIn(fix.undo);
  return [
    annotationFix(kept, set, {
      does: fix.does,
      undo: before.length === set.length ? before : null,
      verify: fix.verify,
    }),
  ];
}

/** Sets annotations on the ingress, by a command where the tags name it. */
export function annotationFix(
  { name, names }: ControlledResource,
  set: readonly Annotation[],
  fix: { readonly does: Text; readonly undo: readonly Annotation[] | 'remove' | null; readonly verify: Argv | null },
): Fix<Text> {
  const { ingress, namespace } = names;
  const base = { changes: true, verify: fix.verify };
  const said = listed(set.map((one) => code(written(one))));
  if (ingress === null) {
    const on = text`the ingress or the service behind ${resource(name)} (${namespaceSaid(names)})`;
    return { ...base, does: text`${fix.does}: annotate ${on} with ${said}`, run: null, undo: null };
  }
  const annotate = (values: readonly string[]): Argv => [
    ...['kubectl', 'annotate', 'ingress', ingress, '--namespace', namespace, '--overwrite'],
    ...values,
  ];
  const undo =
    fix.undo === 'remove'
      ? annotate(set.map((one) => `${DOMAIN}/${one.name}-`))
      : fix.undo && annotate(fix.undo.map(written));
  return {
    ...base,
    does: text`${fix.does}, for good: by the annotation of ingress ${resource(ingress)} (for all its services), and in its manifest`,
    run: annotate(set.map(written)),
    undo,
  };
}

export interface Annotation {
  readonly name: string;
  readonly value: string;
}

function written({ name, value }: Annotation): string {
  return `${DOMAIN}/${name}=${value}`;
}

function annotationsIn(argv: Argv): readonly Annotation[] {
  return argv.flatMap((option, index) => {
    const name = OPTIONS[option];
    const value = argv[index + 1];
    return name === undefined || value === undefined ? [] : [{ name, value }];
  });
}

interface AttributesSet {
  readonly annotation: 'load-balancer-attributes' | 'target-group-attributes';
  readonly set: readonly string[];
}

function attributesIn(argv: Argv): AttributesSet | null {
  const operation = /^modify-(load-balancer|target-group)-attributes$/.exec(argv[2] ?? '');
  if (operation === null) return null;
  const set = argv.flatMap((word) => {
    const [, key, value] = /^Key=([^,]+),Value=(.*)$/.exec(word) ?? [];
    return key === undefined ? [] : [`${key}=${value}`];
  });
  const annotation = operation[1] === 'load-balancer' ? 'load-balancer-attributes' : 'target-group-attributes';
  return { annotation, set };
}

/** One annotation holds all attributes: a command that sets one of them would drop the others. */
function inList({ annotation, set }: AttributesSet, { name, names }: ControlledResource, fix: Fix<Text>): Fix<Text> {
  const on =
    names.ingress === null ? text`the ingress behind ${resource(name)}` : text`ingress ${resource(names.ingress)}`;
  return {
    does: text`${fix.does}, for good: put ${listed(set.map(code))} into annotation ${code(`${DOMAIN}/${annotation}`)} of ${on} in ${namespaceSaid(names)}, beside what it holds`,
    run: null,
    changes: true,
    undo: null,
    verify: fix.verify,
  };
}
