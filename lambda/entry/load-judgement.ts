import type { PLAIN_WORDS } from './plain-words.ts';

type Judgement = typeof import('./judgement.ts');
/** Those of the judgement, or plain ones where that could not be loaded. */
export type Words = Pick<Judgement, keyof typeof PLAIN_WORDS>;

/** Begins once the first calls are on their way: AWS takes as long to answer as half of the program to load. */
export function loadJudgement(): Promise<Judgement> {
  const loaded = new Promise((begin) => setImmediate(begin)).then(() => import('./judgement.ts'));
  // Waited for later, and by then a failure must not count as unheard.
  loaded.catch(() => {});
  return loaded;
}
