import type { Argv } from '../../incident/finding.ts';
import { andList, code, resource, text } from '../../incident/text.ts';
import { annotationFor, annotationKey, annotationListFor } from '../../semantics/kubernetes/annotations.ts';
import type { ControlledResource } from '../../semantics/kubernetes/controlled-resources.ts';
import { annotationSaid, namespaceSaid } from '../kubernetes/cluster-words.ts';
import { type AwsCall, asCall, type Call, fix, kubectl, type Option, type PlainCall, type Remedy } from '../remedy.ts';

export function kubectlArgv({ tool, words }: PlainCall): Argv {
  return [tool, ...words];
}

/**
 * The lasting twin of a call that sets what the controller sets from annotations: the controller puts back whatever is
 * set in AWS alone.
 */
export function annotationTwins(remedy: Remedy, kept: ControlledResource): readonly Remedy[] {
  const call = asCall(remedy.run);
  if (call?.service !== 'elbv2') return [];
  const list = annotationListFor(call.operation);
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
    return fix(text`${does}: annotate ${on} with ${andList(set.map((one) => code(assigned(one))))}`, { verify });
  }
  const annotate = (values: readonly string[]): Call =>
    kubectl('annotate', 'ingress', ingress, '--namespace', namespace, '--overwrite', ...values);
  const back = undo === 'remove' ? set.map((one) => `${annotationKey(one.name)}-`) : undo?.map(assigned);
  return fix(
    text`${does}, permanently: by the annotation of ingress ${resource(ingress)} (for all its services), and in its manifest`,
    { run: annotate(set.map(assigned)), undo: back && annotate(back), verify },
  );
}

export interface Annotation {
  readonly name: string;
  readonly value: string;
}

function assigned({ name, value }: Annotation): string {
  return `${annotationKey(name)}=${value}`;
}

function annotationsIn(call: AwsCall | null): readonly Annotation[] {
  return Object.entries(call?.options ?? {}).flatMap(([option, value]) => {
    const name = annotationFor(option);
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
    text`${does}, permanently: add ${andList(attributes.map(code))} to annotation ${annotationSaid(annotation)} of ${on} in ${namespaceSaid(names)}, next to what it contains`,
    { verify },
  );
}
