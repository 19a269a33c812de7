import type { CauseDefinition } from '../../lambda/causes/cause.ts';

type Words = Pick<
  CauseDefinition<never, never>,
  'title' | 'explains' | 'proof' | 'resembles' | 'remedy' | 'prevention' | 'docs'
>;

/** What a cause says on its page, for rules of tests that have none. */
export const NO_WORDS: Words = {
  title: '',
  explains: '',
  proof: '',
  resembles: '',
  remedy: '',
  prevention: '',
  docs: [''],
};
