/** Works it out once for each object: many causes ask the same of one snapshot, and nothing that was read changes. */
export function onceFor<Of extends object, Answer>(workOut: (of: Of) => Answer): (of: Of) => Answer {
  const answers = new WeakMap<Of, { readonly is: Answer }>();
  return (of) => {
    const known = answers.get(of);
    if (known !== undefined) return known.is;
    const is = workOut(of);
    answers.set(of, { is });
    return is;
  };
}
