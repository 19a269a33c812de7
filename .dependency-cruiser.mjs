/** Folders of a category that its causes share. */
const shared = 'crashes|limit|path|rollout';
const pure = '^lambda/(reading|causes|computed|remedies|semantics|diagnose|conversation|render)/';
const sdk = '^(node_modules/)?@(aws-sdk|smithy)/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one thought: merge them, or move what they share below both.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything-resolves',
      comment: 'This import leads nowhere: a typing error, or a package that package.json does not name.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'incident-imports-nothing',
      comment: 'The nouns stand below everything. What they seem to need belongs to the room that needs it.',
      severity: 'error',
      from: { path: '^lambda/incident/' },
      to: { pathNot: '^lambda/incident/' },
    },
    {
      name: 'semantics-knows-nouns-only',
      comment:
        'How AWS behaves does not depend on who asks: semantics may import incident and pure packages, no other room.',
      severity: 'error',
      from: { path: '^lambda/semantics/' },
      to: { path: '^(lambda|infra|test)/', pathNot: '^lambda/(semantics|incident)/' },
    },
    {
      name: 'reading-knows-nouns-only',
      comment:
        'What reads the text of others makes records of it: it may import incident and pure packages, no other room.',
      severity: 'error',
      from: { path: '^lambda/reading/' },
      to: { path: '^(lambda|infra|test)/', pathNot: '^lambda/(reading|incident)/' },
    },
    {
      name: 'only-collect-reads',
      comment:
        'What others wrote is read where it is collected: whoever judges or tells gets the records, as evidence.',
      severity: 'error',
      from: { path: '^(lambda|infra)/', pathNot: '^lambda/(collect|reading)/' },
      to: { path: '^lambda/reading/' },
    },
    {
      name: 'causes-see-evidence-only',
      comment:
        'A cause judges what it is handed: it may import what causes share, computed, remedies and what is below, no other room.',
      severity: 'error',
      from: { path: '^lambda/causes/' },
      to: { path: '^(lambda|infra|test)/', pathNot: '^lambda/(causes|computed|remedies|semantics|incident)/' },
    },
    {
      name: 'causes-stand-alone',
      comment:
        'A cause imports its own folder, what its category shares, and the kit: move what two of them need to one of those.',
      severity: 'error',
      from: { path: '^lambda/causes/([^/]+)/([^/]+)/' },
      to: {
        path: ['^lambda/causes/[^/]+/[^/]+/', '^lambda/causes/index[.]ts$'],
        pathNot: ['^lambda/causes/$1/$2/', `^lambda/causes/$1/(${shared})/`],
      },
    },
    {
      name: 'what-causes-share-knows-none',
      comment: 'What several causes share cannot depend on one of them: hand it over as an argument.',
      severity: 'error',
      from: { path: '^lambda/causes/(kit/|[^/]+[.]ts$)', pathNot: '^lambda/causes/index[.]ts$' },
      to: { path: ['^lambda/causes/[^/]+/[^/]+/', '^lambda/causes/index[.]ts$'] },
    },
    {
      name: 'computed-and-remedies-know-no-cause',
      comment:
        'What several causes ask, and how a fix is written, depends on none of them: hand over what it needs to know.',
      severity: 'error',
      from: { path: '^lambda/(computed|remedies)/' },
      to: { path: '^(lambda|infra|test)/', pathNot: ['^lambda/$1/', '^lambda/(semantics|incident)/'] },
    },
    {
      name: 'diagnose-runs-causes-only',
      comment:
        'The engine may import causes, semantics and incident: it neither reads AWS nor knows how a report looks.',
      severity: 'error',
      from: { path: '^lambda/diagnose/' },
      to: { path: '^(lambda|infra|test)/', pathNot: '^lambda/(diagnose|causes|computed|remedies|semantics|incident)/' },
    },
    {
      name: 'render-shows-what-is-concluded',
      comment:
        'A renderer writes down a diagnosis and never judges: beyond semantics and incident it may know the type of a cause, no more.',
      severity: 'error',
      from: { path: '^lambda/render/' },
      to: {
        path: '^(lambda|infra|test)/',
        pathNot: ['^lambda/(render|semantics|incident)/', '^lambda/causes/cause[.]ts$'],
      },
    },
    {
      name: 'render-takes-only-the-type-of-a-cause',
      comment: "Import the type: `import type { Cause }`. Examining causes is the engine's business.",
      severity: 'error',
      from: { path: '^lambda/render/' },
      to: { path: '^lambda/causes/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'conversation-decides-by-what-was-said',
      comment:
        'What is said is decided by what was said and what is concluded: conversation may import semantics and incident; who remembers and who tells hands it the rest.',
      severity: 'error',
      from: { path: '^lambda/conversation/' },
      to: { path: '^(lambda|infra|test)/', pathNot: '^lambda/(conversation|semantics|incident)/' },
    },
    {
      name: 'memory-keeps-a-conversation',
      comment:
        'What is remembered is a conversation as it is: memory may import its type, incident and pure packages, and nothing that decides.',
      severity: 'error',
      from: { path: '^lambda/memory/' },
      to: {
        path: '^(lambda|infra|test)/',
        pathNot: '^lambda/(memory|semantics|incident)/|^lambda/conversation/(talk|talk-in|index)[.]ts$',
      },
    },
    {
      name: 'intake-collect-deliver-keep-apart',
      comment:
        'intake, collect and deliver each do one step; entry joins them. Beyond their own room they may import semantics and incident.',
      severity: 'error',
      from: { path: '^lambda/(intake|collect|deliver)/' },
      to: {
        path: '^(lambda|infra|test)/',
        pathNot: ['^lambda/$1/', '^lambda/(reading|semantics|incident)/', '^lambda/render/(message|chat)[.]ts$'],
      },
    },
    {
      name: 'only-deliver-knows-the-message',
      comment:
        'What is delivered is a message: deliver may import its type from render, and nothing that runs; others not even that.',
      severity: 'error',
      from: { path: '^lambda/(intake|collect)/' },
      to: { path: '^lambda/render/' },
    },
    {
      name: 'deliver-takes-only-the-type-of-a-message',
      comment: 'Import the type: `import type { Message }`. entry renders and hands the message over.',
      severity: 'error',
      from: { path: '^lambda/deliver/' },
      to: { path: '^lambda/render/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody-imports-entry',
      comment: 'entry is who calls. What is needed here belongs to a room below it.',
      severity: 'error',
      from: { path: '^(lambda|infra)/', pathNot: '^lambda/entry/' },
      to: { path: '^lambda/entry/' },
    },
    {
      name: 'sdk-stays-at-the-edge',
      comment:
        "Only collect, deliver, memory and entry speak to AWS: map the SDK's shapes to ours there, and import ours here.",
      severity: 'error',
      from: { path: '^lambda/', pathNot: '^lambda/(collect|deliver|memory|entry)/' },
      to: { path: sdk },
    },
    {
      name: 'pure-rooms-touch-no-machine',
      comment:
        'causes, semantics, diagnose and render turn values into values: no file, network, process or clock, so that a snapshot is judged alike everywhere.',
      severity: 'error',
      from: { path: pure },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'infra-knows-permissions-only',
      comment:
        'The stack deploys the bundle; of the program it may read only which IAM actions collect and deliver call, which name is near another, what names a place of logs, and what the address of a runbook is.',
      severity: 'error',
      from: { path: '^infra/' },
      to: {
        path: '^(lambda|test)/',
        pathNot: '^lambda/(collect|deliver|memory)/|^lambda/intake/(nearest|log-places|runbook)',
      },
    },
    {
      name: 'program-imports-no-test',
      comment: 'The program does not know its tests: move what both need into the program.',
      severity: 'error',
      from: { path: '^(lambda|infra)/' },
      to: { path: '^test/' },
    },
    {
      name: 'sdk-is-mocked-in-isolation',
      comment:
        'A mocked client stays mocked for every test in its process, and only the tests of collect, deliver and the road have one each (vitest.config.ts): hand over a double instead.',
      severity: 'error',
      from: { pathNot: '^test/(collect/|deliver/|entry/alarm[.]test[.]ts$)' },
      to: { path: '^test/support/mock-client[.]ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json', '.d.ts'],
    },
  },
};
