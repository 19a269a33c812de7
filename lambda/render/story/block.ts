import type { Argv } from '../../incident/finding.ts';
import type { Text } from '../../incident/text.ts';
import { capitalise } from './phrases.ts';

/** What a report is made of, before it is laid out for a mail, a terminal or a ticket. */
export type Block =
  | { readonly is: 'headline'; readonly what: Text }
  | {
      readonly is: 'paragraph';
      readonly what: Text;
      readonly leadsTo?: CommandUse;
      readonly whole?: true;
      /** In place of a long list where there is little room; the list then stands where there is more. */
      readonly brief?: Text;
      /** What a form that shows it in another way leaves out. */
      readonly tells?: 'place';
    }
  /** `under`: of the item before it. */
  | { readonly is: 'item'; readonly what: Text; readonly under?: true }
  | { readonly is: 'command'; readonly run: Argv; readonly inSession?: Argv }
  | { readonly is: 'link'; readonly title: string; readonly url: string };

/** What the commands after a paragraph are for. */
export type CommandUse = 'change' | 'look' | 'check' | 'undo';

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export const headline = (what: Text): Block => ({ is: 'headline', what });
/** What is not cut where there is little room. */
export const wholeParagraph = (what: Text, tells?: 'place'): Block => ({
  is: 'paragraph',
  what,
  whole: true,
  ...(tells === undefined ? {} : { tells }),
});
export const paragraph = (what: Text, brief?: Text): Block => ({
  is: 'paragraph',
  what,
  ...(brief === undefined ? {} : { brief }),
});
/** What tells what the commands after it are for. */
export const lead = (leadsTo: CommandUse, what: Text): Block => ({ is: 'paragraph', what, leadsTo });
/** A sentence of its own; a name or an id that it begins with keeps its letters. */
export const item = (what: Text): Block => ({ is: 'item', what: capitalise(what) });
export const itemUnder = (what: Text): Block => ({ is: 'item', what, under: true });
/** `inSession`: what to type in the session that it opens. */
export const command = (run: Argv, inSession?: Argv): Block => ({
  is: 'command',
  run,
  ...(inSession === undefined ? {} : { inSession }),
});
export const link = ({ title, url }: { readonly title: string; readonly url: string }): Block => ({
  is: 'link',
  title,
  url,
});
