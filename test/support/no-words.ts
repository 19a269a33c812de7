import type { RuleDefinition } from '../../lambda/rules/rule.ts';

type Words = Pick<
  RuleDefinition<never, never>,
  'title' | 'explains' | 'proof' | 'resembles' | 'remedy' | 'prevention' | 'docs'
>;

/** What a rule says on its page, for rules of tests that have none. */
export const NO_WORDS: Words = {
  title: '',
  explains: '',
  proof: '',
  resembles: '',
  remedy: '',
  prevention: '',
  docs: [''],
};
