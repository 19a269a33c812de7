import { expect, test } from 'vitest';
import { defineCause, ruledOut } from '../../lambda/causes/cause.ts';
import { words } from '../../lambda/incident/text.ts';
import { renderCausePage } from '../../lambda/render/cause-page.ts';
import { renderCause, renderCauseList } from '../../lambda/render/cause-terminal.ts';

const rule = defineCause({
  id: 'nothing-listening',
  category: 'backend-down',
  title: 'Nothing listens on the port of the target',
  explains: `The host is up and the path is open,
    but the port refuses.`,
  proof: 'Decisive where the application status check says ConnectionRefused.',
  resembles: 'A security group that is closed drops packets in silence: a 504 after 10 s, not a 502 at once.',
  remedy: 'Start it. `ss -tlnp` shows where it listens.',
  prevention: 'Let the service manager restart the process.',
  settings: [
    {
      title: 'By supervisor',
      about: 'What brings it back.',
      columns: ['Supervisor', 'By itself', 'Set'],
      rows: [
        ['systemd', 'nothing', '`Restart=always`'],
        ['a shell', 'nothing', '`a || b`'],
      ],
    },
  ],
  docs: ['https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html'],
  needs: ['targetHealth', 'targetGroups'],
  uses: ['networkAcls'],
  causes: ['health-check-code-mismatch'],
  examine: () => ruledOut(words('it listens')),
});
const bare = {
  ...rule,
  id: 'traffic-surge' as const,
  category: 'overload' as const,
  uses: [],
  causes: [],
  settings: [],
};

test('the page of a rule reads well', () => {
  expect(renderCausePage(rule)).toMatchInlineSnapshot(`
    "# Nothing listens on the port of the target

    \`nothing-listening\`, of the category \`backend-down\`

    ## What it means

    The host is up and the path is open, but the port refuses.

    ## What proves it

    Decisive where the application status check says ConnectionRefused.

    ## What it is judged by

    Needed: target health, target groups. While any of it cannot be seen, this cause is neither found nor ruled out.

    Corroborated or dated by: network ACLs. It is judged without them, too.

    ## What looks like it

    A security group that is closed drops packets in silence: a 504 after 10 s, not a 502 at once.

    ## What it brings with it

    On the same targets, these are its symptoms:

    - [\`health-check-code-mismatch\`](health-check-code-mismatch.md)

    ## What to do

    Start it. \`ss -tlnp\` shows where it listens.

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

test('what a rule does not have gets no heading', () => {
  expect(renderCausePage(bare)).not.toMatch(/Corroborated|brings with it|supervisor|undefined/);
});

test('on a terminal it is wrapped, with a row of a table below the other', () => {
  expect(renderCause(rule, { colour: false, width: 60 })).toMatchInlineSnapshot(`
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

    What looks like it
    A security group that is closed drops packets in silence: a
    504 after 10 s, not a 502 at once.

    What it brings with it
    On the same targets, these are its symptoms:
      alb-triage explain health-check-code-mismatch

    What to do
    Start it. \`ss -tlnp\` shows where it listens.

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

test('the list of rules goes by category, in the order of the registry', () => {
  expect(renderCauseList([rule, bare], { colour: false })).toMatchInlineSnapshot(`
    "backend-down
      nothing-listening  Nothing listens on the port of the target

    overload
      traffic-surge      Nothing listens on the port of the target
    "
  `);
});

test('the list keeps within a terminal, its titles under each other', () => {
  expect(renderCauseList([rule], { colour: false, width: 50 })).toMatchInlineSnapshot(`
    "backend-down
      nothing-listening  Nothing listens on the port
                         of the target
    "
  `);
});
