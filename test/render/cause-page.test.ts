import { expect, test } from 'vitest';
import { causePageIn, renderCausePage } from '../../lambda/render/cause-page.ts';
import { renderCause, renderCauseList } from '../../lambda/render/cause-terminal.ts';

const FILE = `---
title: Nothing listens on the port of the target
docs:
  - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
---

## What it means

The host is up and the path is open, but the port refuses.

## What proves it

Decisive where the application status check says ConnectionRefused.

## What it is judged by

Needed: target health, target groups. While any of it cannot be seen, this cause is neither found nor ruled out.

Corroborated or dated by: network ACLs. It is judged without them, too.

## What looks similar

A security group that is closed drops packets in silence: a 504 after 10 s, not a 502 at once.

## What it causes

On the same targets, these are its symptoms:

- [\`health-check-code-mismatch\`](../../wrong-upstream/health-check-code-mismatch/page.md)

## What to do

Start it. \`ss -tlnp\` shows where it listens.

- First where it is the only one.
- Then everywhere else, one target after the other.

## How to prevent it

Let the service manager restart the process.

## By supervisor

What brings it back.

| Supervisor | By itself | Set |
| --- | --- | --- |
| systemd | nothing | \`Restart=always\` |
| a shell | nothing | \`a \\|\\| b\` |
`;
const page = causePageIn(FILE);
const cause = { id: 'nothing-listening', category: 'backend-down' } as const;

test('in a pipe, the page is one document', () => {
  expect(renderCausePage(cause, page)).toMatchInlineSnapshot(`
    "# Nothing listens on the port of the target

    \`nothing-listening\`, of the category \`backend-down\`

    ## What it means

    The host is up and the path is open, but the port refuses.

    ## What proves it

    Decisive where the application status check says ConnectionRefused.

    ## What it is judged by

    Needed: target health, target groups. While any of it cannot be seen, this cause is neither found nor ruled out.

    Corroborated or dated by: network ACLs. It is judged without them, too.

    ## What looks similar

    A security group that is closed drops packets in silence: a 504 after 10 s, not a 502 at once.

    ## What it causes

    On the same targets, these are its symptoms:

    - [\`health-check-code-mismatch\`](../../wrong-upstream/health-check-code-mismatch/page.md)

    ## What to do

    Start it. \`ss -tlnp\` shows where it listens.

    - First where it is the only one.
    - Then everywhere else, one target after the other.

    ## How to prevent it

    Let the service manager restart the process.

    ## By supervisor

    What brings it back.

    | Supervisor | By itself | Set |
    | --- | --- | --- |
    | systemd | nothing | \`Restart=always\` |
    | a shell | nothing | \`a \\|\\| b\` |

    ## AWS documentation

    - <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html>
    "
  `);
});

test.each([
  ['no front', '## What it means\n\nThis.\n', 'title and docs between ---'],
  ['no title', '---\ndocs: []\n---\n', 'no title'],
  ['no docs', '---\ntitle: It\n---\n', 'no list of docs'],
  ['docs that are no addresses', '---\ntitle: It\ndocs: [{}]\n---\n', 'no list of docs'],
  ['nothing in its front', '---\n\n---\n', 'no title'],
  ['words before the first section', '---\ntitle: It\ndocs: []\n---\n\nWell.\n', 'before its first section'],
])('a file with %s is no page', (_, file, says) => {
  expect(() => causePageIn(file)).toThrow(says);
});

test('on a terminal it is wrapped, with a row of a table below the other', () => {
  expect(renderCause(cause, page, { colour: false, width: 60 })).toMatchInlineSnapshot(`
    "Nothing listens on the port of the target
    nothing-listening, of the category backend-down

    What it means
    The host is up and the path is open, but the port refuses.

    What proves it
    Decisive where the application status check says
    ConnectionRefused.

    What it is judged by
    Needed: target health, target groups. While any of it cannot
    be seen, this cause is neither found nor ruled out.
    Corroborated or dated by: network ACLs. It is judged without
    them, too.

    What looks similar
    A security group that is closed drops packets in silence: a
    504 after 10 s, not a 502 at once.

    What it causes
    On the same targets, these are its symptoms:
      alb-triage explain health-check-code-mismatch

    What to do
    Start it. \`ss -tlnp\` shows where it listens.
    - First where it is the only one.
    - Then everywhere else, one target after the other.

    How to prevent it
    Let the service manager restart the process.

    By supervisor
    What brings it back.
    - systemd
        by itself: nothing
        set: \`Restart=always\`
    - a shell
        by itself: nothing
        set: \`a || b\`

    AWS documentation
      https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
    "
  `);
});

const listed = { ...cause, title: page.title };

test('the list of causes goes by category, in the order of the registry', () => {
  expect(
    renderCauseList([listed, { ...listed, id: 'traffic-surge', category: 'overload' }], { colour: false }),
  ).toMatchInlineSnapshot(`
    "backend-down
      nothing-listening  Nothing listens on the port of the target

    overload
      traffic-surge      Nothing listens on the port of the target
    "
  `);
});

test('the list keeps within a terminal, its titles under each other', () => {
  expect(renderCauseList([listed], { colour: false, width: 50 })).toMatchInlineSnapshot(`
    "backend-down
      nothing-listening  Nothing listens on the port
                         of the target
    "
  `);
});
