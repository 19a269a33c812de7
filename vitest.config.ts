import { defineConfig } from 'vitest/config';

/** Their tests mock the SDK and the clock, which nobody else must find mocked: they share modules with each other only. */
const AT_THE_EDGE = ['test/collect/**/*.test.ts', 'test/deliver/**/*.test.ts'];

/** Their tests put other modules in the place of ours, or open the network: each file has a process of its own. */
const BY_THEMSELVES = [
  'test/collect/aws.test.ts',
  'test/collect/order.test.ts',
  'test/collect/trimmed-sdk.test.ts',
  'test/bench/budget.test.ts',
  'test/entry/alarm.test.ts',
  'test/entry/bundle.test.ts',
  'test/faults/faults.test.ts',
  'test/faults/logs.test.ts',
];

export default defineConfig({
  test: {
    // A busy machine is no failure; performance is measured by `npm run bench`.
    testTimeout: 30_000,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', TZ: 'Pacific/Auckland' },
    setupFiles: ['test/support/temporary.ts'],
    // Left to itself, vitest keeps one core free: of two, that is half.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'alone', include: BY_THEMSELVES } },
      { extends: true, test: { name: 'edge', include: AT_THE_EDGE, exclude: BY_THEMSELVES, isolate: false } },
      {
        extends: true,
        test: {
          name: 'inside',
          include: ['test/**/*.test.ts'],
          exclude: ['test/wire/**', 'test/browser/**', ...AT_THE_EDGE, ...BY_THEMSELVES],
          // Values in, values out: the modules are read once for many files, not once for each.
          isolate: false,
        },
      },
    ],
  },
});
