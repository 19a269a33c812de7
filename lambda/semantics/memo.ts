/** Asks once per key: a thousand targets share a few groups and subnets. */
export function memo<Answer>(): (key: string, answer: () => Answer) => Answer {
  const answers = new Map<string, Answer>();
  return (key, answer) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const fresh = answer();
    answers.set(key, fresh);
    return fresh;
  };
}
