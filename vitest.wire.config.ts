import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/wire/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', TZ: 'Pacific/Auckland' },
  },
});
