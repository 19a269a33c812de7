import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Reference } from '../../incident/question.ts';
import { plainText, wrap } from '../../render/plain.ts';
import { renderTree } from '../../render/tree/tree.ts';
import { treeInMarkdown } from '../../render/tree/tree-in-markdown.ts';
import { chosen } from './choose.ts';
import type { TREE_FORMS } from './forms.ts';
import { savedSnapshot } from './saved-snapshot.ts';
import { lookOf, NotTriaged, type Shell, WrongUsage } from './shell.ts';
import { snapshotDiagnosis } from './snapshot-diagnosis.ts';
import { type TriageOptions, triageLive } from './triage-command.ts';

export interface TreeOptions extends Pick<TriageOptions, 'region' | 'profile' | 'at' | 'since' | 'timeout'> {
  readonly as: (typeof TREE_FORMS)[number];
  readonly snapshot?: string;
}

/** Draws what a request passes, and where it breaks. */
export async function printTree(about: Reference | undefined, options: TreeOptions, shell: Shell): Promise<void> {
  const diagnosis = await diagnosisOf(about, options, shell);
  const { topology, error, kind } = diagnosis;
  if (topology === undefined || kind === 'failed') throw new NotTriaged(error ?? 'nothing could be read');
  shell.stdout.write(options.as === 'markdown' ? treeInMarkdown(topology) : renderTree(topology, lookOf(shell)));
  // A tree without a mark is no verdict.
  if (topology.marks.length === 0) shell.stdout.write(`\n${headlineOf(diagnosis, lookOf(shell).width).join('\n')}\n`);
}

function headlineOf({ verdict, collectedAt }: Diagnosis, width = Number.POSITIVE_INFINITY): readonly string[] {
  return wrap(`${plainText(verdict.headline, { today: collectedAt })}.`, width);
}

async function diagnosisOf(about: Reference | undefined, options: TreeOptions, shell: Shell): Promise<Diagnosis> {
  const { snapshot } = options;
  if (snapshot !== undefined && about === undefined) return snapshotDiagnosis(await savedSnapshot(snapshot, shell));
  const asked = about ?? (shell.pick === undefined ? undefined : await chosen(options, shell));
  if (snapshot === undefined && asked !== undefined) return (await triageLive(asked, options, shell)).diagnosis;
  throw new WrongUsage('name a load balancer, or a saved snapshot by --snapshot: alb-triage tree web');
}
