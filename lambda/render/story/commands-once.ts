import { text } from '../../incident/text.ts';
import { type Block, command, paragraph } from './block.ts';
import { withoutFullStop } from './phrases.ts';

/**
 * No command is told twice: what looks or checks is left out where it was told before, in the order in which the parts are
 * given, and of what changes something, or undoes that, it is said that its command is told.
 */
export function withCommandsOnce(parts: readonly (readonly Block[])[]): readonly (readonly Block[])[] {
  const told = new Set<string>();
  const isNew = (block: Block): boolean => {
    if (block.is !== 'command') return true;
    const key = JSON.stringify([block.run, block.inSession]);
    if (told.has(key)) return false;
    told.add(key);
    return true;
  };
  return parts.map((blocks) =>
    withTheirCommands(blocks)
      .flatMap(([first, ...commands]) => {
        if (first.is === 'command' && commands.length === 0) return isNew(first) ? [first] : [];
        const fresh = commands.filter(isNew);
        return fresh.length > 0 || commands.length === 0 ? [first, ...fresh] : toldBefore(first);
      })
      .flatMap(withWhatIsTyped),
  );
}

/** What is typed on the host is a command as well: it stands alone on its line, and not among the words. */
function withWhatIsTyped(block: Block): readonly Block[] {
  if (block.is !== 'command' || block.inSession === undefined) return [block];
  return [command(block.run), paragraph(text`In that session:`), command(block.inSession)];
}

/** Without the commands of what is told before, and without what led to them. */
export function withoutCommandsOf(before: readonly Block[], blocks: readonly Block[]): readonly Block[] {
  const told = new Set(before.flatMap((block) => (block.is === 'command' ? [JSON.stringify(block.run)] : [])));
  return withTheirCommands(blocks).flatMap(([first, ...commands]) => {
    const fresh = commands.filter((block) => block.is !== 'command' || !told.has(JSON.stringify(block.run)));
    return commands.length > 0 && fresh.length === 0 ? [] : [first, ...fresh];
  });
}

type Group = [Block, ...Block[]];

/** Each block with the commands that follow it. */
function withTheirCommands(blocks: readonly Block[]): readonly Group[] {
  const groups: Group[] = [];
  for (const block of blocks) {
    const last = groups.at(-1);
    if (block.is === 'command' && last !== undefined) last.push(block);
    else groups.push([block]);
  }
  return groups;
}

function toldBefore(lead: Block): readonly Block[] {
  if (lead.is !== 'paragraph') return [lead];
  switch (lead.leadsTo) {
    case 'change':
      return [paragraph(text`${withoutFullStop(lead.what)} (its command is given above).`)];
    case 'undo':
      return [paragraph(text`The command that undoes it is given above.`)];
    default:
      return [];
  }
}
