import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathShape } from '../../lambda/reading/path-shape.ts';
import { runs } from '../fuzz/runs.ts';

test.each([
  ['/', '/'],
  ['', '/'],
  ['/export', '/export'],
  ['/export?user=alice', '/export'],
  ['/a;jsessionid=12/b', '/a'],
  ['/api/v2/orders/12345/items', '/api/v2/orders/{number}/items'],
  ['/users/550e8400-e29b-41d4-a716-446655440000', '/users/{uuid}'],
  ['/static/app.3f2a9c1b.js', '/static/app.{hash}.js'],
  ['/blob/9f86d081884c7d659a2feaa0c55ad015', '/blob/{hash}'],
  ['/mail/alice@example.com', '/mail/{text}'],
  ['/mail/alice%40example.com', '/mail/{text}'],
  ['/reports/2026-03-10', '/reports/{date}'],
  ['/order-12345', '/order-{number}'],
  ['/<script>alert(1)</script>', '/{text}/{text}'],
  ['/a/b/c/d/e/f/g', '/a/b/c/d/e/f/…'],
  ['//admin//login', '/admin/login'],
  ['/shop.Cart/AddItem', '/shop.Cart/AddItem'],
  [`/t/${'a'.repeat(300)}`, '/t/{text}'],
  ['/key/AKIA1234567890ABCDEF', '/key/{hash}'],
])('%s is %s', (path, shape) => {
  expect(pathShape(path)).toBe(shape);
});

test('a shape is short, in ASCII but for the dots, and of no more kinds than there are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (path) => {
      const shape = pathShape(path);
      expect(shape).toMatch(/^\/(?:[\w.~{}-]+(?:\/[\w.~{}-]+)*(?:\/…)?)?$/);
      expect(shape).not.toMatch(/\d{2}/);
    }),
    runs(100, 100_000),
  );
});
